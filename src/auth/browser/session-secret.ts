import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TokenHash } from '../tokens/token-format.js';

const SECRET_BYTES = 32;

/** 32 bytes in base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** No bearer token has a line break, so no bearer token has the hash of a session, and no session that of a bearer token. */
const HASH_PREFIX = 'octostore browser session\n';

const CSRF_PURPOSE = 'octostore csrf';

/** The value of a new session's cookie. */
export function makeSessionSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** Whether a text has the form of a session's secret. */
export function isSessionSecret(text: string): boolean {
  return SECRET.test(text);
}

/** The hash under which a session is stored. */
export function hashSessionSecret(secret: string): TokenHash {
  return hash('sha256', HASH_PREFIX + secret, 'hex') as TokenHash;
}

/** What a page has to send with its changes. Made from the secret, which scripts cannot read, so it need not be stored. */
export function csrfTokenOf(secret: string): string {
  return createHmac('sha256', secret).update(CSRF_PURPOSE).digest('base64url');
}

/** Compares in constant time. */
export function isCsrfTokenOf(secret: string, presented: string): boolean {
  const [expected, given] = [csrfTokenOf(secret), presented].map((text) =>
    createHmac('sha256', secret).update(text).digest(),
  ) as [Buffer, Buffer];
  return timingSafeEqual(expected, given);
}
