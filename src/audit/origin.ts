import type { UserId } from '../core/model/ids.js';

/** Who acts. */
export type AuditActor =
  /** A user, with the source of the account and its login, such as `github:ada`. */
  | { readonly kind: 'user'; readonly userId: UserId; readonly name: string }
  /** Someone with the admin key, or with access to the files of the server. */
  | { readonly kind: 'operator' }
  /** The server, without being asked. */
  | { readonly kind: 'server' }
  /** Someone who has not shown who they are. */
  | { readonly kind: 'unknown' };

/** Who acts, and where the request came from. Made at the edge, and passed on to where the act is recorded. */
export interface Origin {
  readonly actor: AuditActor;
  /** The client's address, behind trusted proxies only. Null if it was not a request. */
  readonly address: string | null;
  readonly requestId: string | null;
  /** The public id of the token that the request has. Null if it has none. */
  readonly tokenId: string | null;
}

/** What the server does on its own, such as what its configuration asks for. */
export const SERVER_ORIGIN: Origin = origin({ kind: 'server' });

/** A command on the server's machine that works without a server. */
export const OPERATOR_ORIGIN: Origin = origin({ kind: 'operator' });

function origin(actor: AuditActor): Origin {
  return { actor, address: null, requestId: null, tokenId: null };
}
