import type { IncomingMessage } from 'node:http';

/** Two names for the same header, because some proxies remove the first. */
const HEADERS = ['x-admin-key', 'x-octostore-admin-key'] as const;

/** The admin key in the headers. Undefined if there is none, null if there are two different ones. */
export function adminKeyOf({ headers }: IncomingMessage): string | null | undefined {
  const keys = new Set(HEADERS.map((name) => headers[name]).filter((value) => value !== undefined));
  const [key] = keys;
  return keys.size > 1 || Array.isArray(key) ? null : key;
}
