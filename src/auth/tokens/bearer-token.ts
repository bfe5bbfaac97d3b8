import type { IncomingMessage } from 'node:http';
import { TOKEN_LENGTH_MAX } from './token-format.js';

const BEARER = /^bearer +([\x21-\x7e]+)$/i;
const HEADER_LENGTH_MAX = TOKEN_LENGTH_MAX + 'Bearer '.length;

/**
 * The token of an `Authorization: Bearer` header, or null if there is no such header or it is not exactly one token.
 * Two `Authorization` headers are refused, since a proxy in front may have checked the other one.
 */
export function bearerTokenOf(request: IncomingMessage): string | null {
  const header = request.headers.authorization;
  if (header === undefined || header.length > HEADER_LENGTH_MAX || isRepeated(request.rawHeaders))
    return null;
  return BEARER.exec(header)?.[1] ?? null;
}

function isRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 13 && name.toLowerCase() === 'authorization') count += 1;
  }
  return count > 1;
}
