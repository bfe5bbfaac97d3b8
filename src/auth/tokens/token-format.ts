import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Brand } from '../../core/model/brand.js';

/** SHA-256 of a token, in hex. Nothing else of a token is ever stored. */
export type TokenHash = Brand<string, 'TokenHash'>;

/** The prefix of every token of this service. Secret scanners recognize leaked tokens by it. */
export const TOKEN_PREFIX = 'octo_';

/** The maximum length of a bearer token, in characters. Tokens of this service have 43. Configured ones may be longer. */
export const TOKEN_LENGTH_MAX = 512;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 32 characters from an alphabet of 62 are 190 bits. */
const RANDOM_LENGTH = 32;

/** The largest CRC-32 has six digits in base 62. */
const CHECKSUM_LENGTH = 6;

const TOKEN_LENGTH = TOKEN_PREFIX.length + RANDOM_LENGTH + CHECKSUM_LENGTH;

/** Generates a token: `octo_`, 32 random characters, and a checksum of 6 characters over all of that. */
export function makeToken(): string {
  let body = TOKEN_PREFIX;
  for (let index = 0; index < RANDOM_LENGTH; index += 1) body += ALPHABET.charAt(randomInt(ALPHABET.length));
  return body + checksumOf(body);
}

/** Whether a text that begins with `octo_` has the form of a token of this service. */
export function hasValidChecksum(token: string): boolean {
  if (token.length !== TOKEN_LENGTH) return false;
  const body = token.slice(0, -CHECKSUM_LENGTH);
  return token.slice(-CHECKSUM_LENGTH) === checksumOf(body);
}

/** The hash with which to look up a presented token. Null if its checksum is wrong, since then it cannot be valid. */
export function hashOfPresented(token: string): TokenHash | null {
  return token.startsWith(TOKEN_PREFIX) && !hasValidChecksum(token) ? null : hashToken(token);
}

/** The hash under which a token is stored. */
export function hashToken(token: string): TokenHash {
  return hash('sha256', token, 'hex') as TokenHash;
}

/** CRC-32 in base 62. It detects typos, and says nothing about whether the token is valid. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let index = 0; index < CHECKSUM_LENGTH; index += 1) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}
