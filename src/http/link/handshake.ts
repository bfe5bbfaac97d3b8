import { FORWARDED_HEADERS } from '../forwarded/forwarded-headers.js';

/** What a server asks another one to connect it with. The number is the version of what is sent over the link. */
export const LINK_TARGET = 'link.octostore:1';

/** Begins every answer that accepts a link. */
export const ACCEPTED = 'HTTP/1.1 200 ';

export const HANDSHAKE_END = '\r\n\r\n';

export const ACCEPTANCE = `${ACCEPTED}Connected${HANDSHAKE_END}`;

export function requestForLink(host: string, key: string): string {
  return `CONNECT ${LINK_TARGET} HTTP/1.1\r\nHost: ${host}\r\n${FORWARDED_HEADERS.key}: ${key}${HANDSHAKE_END}`;
}
