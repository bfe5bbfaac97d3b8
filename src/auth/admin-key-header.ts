import type { IncomingMessage } from 'node:http';

/** Either will do: some proxies remove the first. */
const HEADERS = ['x-admin-key', 'x-octostore-admin-key'] as const;

/** The key in the headers for it. Undefined if there is none; null if there are two that differ. */
export function adminKeyOf({ headers }: IncomingMessage): string | null | undefined {
  const keys = new Set(HEADERS.map((name) => headers[name]).filter((value) => value !== undefined));
  const [key] = keys;
  return keys.size > 1 || Array.isArray(key) ? null : key;
}
