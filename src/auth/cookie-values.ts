import type { IncomingMessage } from 'node:http';

/** The values of all cookies with this name that a request has. With more than one, it is unknown which one this server has set. */
export function cookieValues({ headers }: IncomingMessage, name: string): string[] {
  const prefix = `${name}=`;
  return (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => pair.slice(prefix.length));
}
