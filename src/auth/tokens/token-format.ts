import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Brand } from '../../core/model/brand.js';

/** SHA-256 of a token, in hex: all that is ever kept of one. */
export type TokenHash = Brand<string, 'TokenHash'>;

/** What every token of this service begins with, so that secret scanners recognize one that leaked. */
export const TOKEN_PREFIX = 'octo_';

/** Characters that a bearer token may have at most. Tokens of this service have 43; configured ones may be longer. */
export const TOKEN_LENGTH_MAX = 512;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 32 characters of 62 kinds are 190 bits. */
const RANDOM_LENGTH = 32;

/** The largest CRC-32 has six digits in base 62. */
const CHECKSUM_LENGTH = 6;

const TOKEN_LENGTH = TOKEN_PREFIX.length + RANDOM_LENGTH + CHECKSUM_LENGTH;

/** Makes a token: `octo_`, 32 random characters, and a checksum of all that in 6 characters. */
export function makeToken(): string {
  let body = TOKEN_PREFIX;
  for (let index = 0; index < RANDOM_LENGTH; index += 1) body += ALPHABET.charAt(randomInt(ALPHABET.length));
  return body + checksumOf(body);
}

/** Whether a text that begins with `octo_` is a token of this service as far as can be told without knowing any. */
export function hasValidChecksum(token: string): boolean {
  if (token.length !== TOKEN_LENGTH) return false;
  const body = token.slice(0, -CHECKSUM_LENGTH);
  return token.slice(-CHECKSUM_LENGTH) === checksumOf(body);
}

/** What a token that somebody presents is found by; null for one with a typo, which is nobody's. */
export function hashOfPresented(token: string): TokenHash | null {
  return token.startsWith(TOKEN_PREFIX) && !hasValidChecksum(token) ? null : hashToken(token);
}

/** What the token is kept and found by. */
export function hashToken(token: string): TokenHash {
  return hash('sha256', token, 'hex') as TokenHash;
}

/** CRC-32 in base 62: tells a typo, and nothing about the token's validity. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let index = 0; index < CHECKSUM_LENGTH; index += 1) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}
