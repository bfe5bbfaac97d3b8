import { exchangedToken, OctoStoreClient } from '@octostore/client';
import { readSharedTokenFile } from './token-file.js';

/** What a client needs to act as the user. It can be passed to another process. */
export type Access = {
  readonly baseUrl: readonly [string, ...string[]];
  readonly callTimeoutMs?: number;
} & (
  | { readonly token: string }
  /** A file with the token of an issuer, to exchange. It is read for each exchange, because platforms replace it. */
  | { readonly oidcTokenFile: string }
);

/** Throws `CommandFailure` if there is no token. */
export function clientWith({ baseUrl, callTimeoutMs, ...access }: Access): OctoStoreClient {
  const limits = callTimeoutMs === undefined ? {} : { callTimeoutMs };
  if ('token' in access) return new OctoStoreClient({ baseUrl, token: access.token, ...limits });
  const { oidcTokenFile } = access;
  // So that a missing file is a sentence of its own.
  readSharedTokenFile(oidcTokenFile);
  const token = exchangedToken({ baseUrl, subjectToken: () => readSharedTokenFile(oidcTokenFile) });
  return new OctoStoreClient({ baseUrl, token, ...limits });
}
