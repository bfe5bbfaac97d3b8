import * as fc from 'fast-check';
import { parseLockName } from '../../../src/core/model/lock-name.js';

/** Parts of paths: names, verbs, and percent-encodings that are often handled wrongly. */
const piece = fc.oneof(
  fc.constantFrom('a', 'B', '0', '-', '_', '.', '..', '/', '//', '%2F', '%2f', 'acquire', 'watch', 'release'),
  fc.constantFrom(
    '%',
    '%Z',
    '%ZZ',
    '%00',
    '%0a',
    '%2e',
    '%2E%2e',
    '%25',
    '%252F',
    '%ff',
    '%C3%BC',
    '%F0%9F%90%99',
  ),
  fc.constantFrom('+', '%20', ';', ':', '@', '*', '~', '\\', '|', '"', '<', '{name}', ':id', '(', ')'),
  fc.constantFrom('x'.repeat(64), 'x'.repeat(65), 'y/'.repeat(120)),
  fc.stringMatching(/^[!-~]{1,6}$/).filter((text) => !/[?#]/.test(text)),
);

export const address = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));

/** The lock name that an address decodes to; null if it is not a valid name. */
export function nameOf(text: string): string | null {
  try {
    const parsed = parseLockName(decodeURIComponent(text));
    return parsed.ok ? parsed.name : null;
  } catch {
    return null;
  }
}

/** Query parameters that this service knows, and some that it does not. */
const key = fc.oneof(
  fc.constantFrom('prefix', 'owner', 'limit', 'cursor', 'before', '__proto__', 'prefix[]', 'a[b]', ''),
  piece,
);
const value = fc.oneof(fc.constantFrom('me', '1', '0', '-1', '1e3', '10000', '10001', 'YQ', 'Li4'), piece);
const pair = fc.tuple(key, value).map(([name, text]) => `${name}=${text}`);

/** A query string, without the question mark. */
export const query = fc
  .tuple(
    fc.array(fc.oneof({ weight: 5, arbitrary: pair }, key), { maxLength: 4 }),
    fc.constantFrom('&', ';', '&&'),
  )
  .map(([parts, separator]) => parts.join(separator));

/** Path prefixes of this service. */
export const ROOTS = [
  '/',
  '/locks',
  '/sessions/',
  '/webhooks/',
  '/auth/',
  '/docs/',
  '/health',
  '/admin/',
  '/openapi.',
] as const;

export const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'SEARCH'] as const;
