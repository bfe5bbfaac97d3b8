import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { hashOfPresented, TOKEN_LENGTH_MAX, type TokenHash } from './token-format.js';

const BEARER = /^bearer +([\x21-\x7e]+)$/i;
const HEADER_LENGTH_MAX = TOKEN_LENGTH_MAX + 'Bearer '.length;

/**
 * The token of the `Authorization: Bearer` header. Null if there is no such header or it is not exactly one token. Two
 * `Authorization` headers are refused, since a proxy may have checked the other one.
 */
export function bearerTokenOf(request: IncomingMessage): string | null {
  const header = request.headers.authorization;
  if (header === undefined || header.length > HEADER_LENGTH_MAX || isRepeated(request.rawHeaders))
    return null;
  return BEARER.exec(header)?.[1] ?? null;
}

/** The last token of each connection, with its hash. The next request nearly always has the same token. */
const latest = new WeakMap<Socket, { readonly token: string; readonly tokenHash: TokenHash | null }>();

/** The hash of the token in a request. Null if there is no token, or one that cannot be valid. */
export function bearerHashOf(request: IncomingMessage): TokenHash | null {
  const token = bearerTokenOf(request);
  if (token === null) return null;
  const known = latest.get(request.socket);
  if (known?.token === token) return known.tokenHash;
  const tokenHash = hashOfPresented(token);
  latest.set(request.socket, { token, tokenHash });
  return tokenHash;
}

function isRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 13 && name.toLowerCase() === 'authorization') count += 1;
  }
  return count > 1;
}
