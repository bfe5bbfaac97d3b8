import type { Brand } from './brand.js';
import type { FencingToken, UserId } from './ids.js';
import { problemOfName } from './lock-name.js';

/** A valid name of a fence. The rules are those of lock names, so that a lock and its fence can have the same name. */
export type FenceName = Brand<string, 'FenceName'>;

/** The highest fencing token that a resource has seen. */
export interface Fence {
  readonly name: FenceName;
  /** The user who created it. It counts in this user's quota, even if others advance it. */
  readonly userId: UserId;
  readonly highest: FencingToken;
}

/** What a fence has seen that does not exist: a token lower than any that is issued. */
export const NOTHING_SEEN = 0 as FencingToken;

/** The resource may be used with the token. */
export interface TokenPassed {
  readonly kind: 'token_passed';
  readonly highest: FencingToken;
}

/** The fence has seen a higher token. */
export interface StaleFencingToken {
  readonly kind: 'stale_fencing_token';
  readonly highest: FencingToken;
}

/** No grant has had this token yet. */
export interface TokenNotIssued {
  readonly kind: 'token_not_issued';
  readonly lastIssued: FencingToken;
}

export type TokenCheck = TokenPassed | StaleFencingToken | TokenNotIssued;

/**
 * Whether a resource may be used with a token. One that equals the highest passes, because a holder uses a resource many times.
 *
 * @param highest the highest token that the fence has seen.
 */
export function checkToken(token: FencingToken, highest: FencingToken, lastIssued: FencingToken): TokenCheck {
  if (token > lastIssued) return { kind: 'token_not_issued', lastIssued };
  return { kind: token < highest ? 'stale_fencing_token' : 'token_passed', highest };
}

export type ParsedFenceName =
  { readonly ok: true; readonly name: FenceName } | { readonly ok: false; readonly problem: string };

/** Checks the name of a fence. The problem is a sentence for the client, and does not quote the name. */
export function parseFenceName(text: string): ParsedFenceName {
  const problem = problemOfName(text, 'fence name');
  return problem === null ? { ok: true, name: text as FenceName } : { ok: false, problem };
}
