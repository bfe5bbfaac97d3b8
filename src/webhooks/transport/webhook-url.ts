import { isIP } from 'node:net';
import type { ReachableNetworks } from './reachable-networks.js';

/** The most characters in a webhook's URL. */
export const WEBHOOK_URL_LENGTH_MAX = 2048;

/** The pattern in the API document: `https://`, a host, and no credentials, white space or backslashes. */
export const WEBHOOK_URL_SHAPE = String.raw`^https://[^\x00-\x20\x7f-\xa0/?#@\\]+([/?#][^\x00-\x20\x7f-\xa0\\]*)?$`;

export type ParsedWebhookUrl =
  { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly problem: string };

/**
 * Checks the URL of a webhook. The problem is a sentence for the client. A host name is not resolved here, because its
 * addresses are checked again with each connection.
 *
 * @param reachable The networks that webhooks may be sent to.
 */
export function parseWebhookUrl(text: string, reachable: ReachableNetworks): ParsedWebhookUrl {
  if (text.length > WEBHOOK_URL_LENGTH_MAX) {
    return refuse(`The URL is too long. The limit is ${WEBHOOK_URL_LENGTH_MAX} characters.`);
  }
  // The URL parser would silently drop white space and read a backslash as a slash.
  if (/[\s\\\p{Cc}]/u.test(text) || !URL.canParse(text)) return refuse('This is not a valid URL.');
  const url = new URL(text);
  if (!/^https:\/\//i.test(text)) return refuse('The URL must begin with https://.');
  if (url.username !== '' || url.password !== '') return refuse('The URL must not contain credentials.');
  const hostname = withoutTrailingDots(url.hostname);
  if (hostname === '') return refuse('The URL has no host.');
  url.hostname = hostname;
  if (!mayBeReached(addressOrName(url), reachable)) {
    return refuse(
      'This host is not on the public internet. Use one that is, or ask the operator to allow it.',
    );
  }
  return { ok: true, url };
}

/** The host of a URL as a connection needs it: an IPv6 address without brackets. */
export function addressOrName(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** Whether a host is an allowed address or a name. The addresses of names are checked later. */
function mayBeReached(host: string, reachable: ReachableNetworks): boolean {
  if (isIP(host) !== 0) return reachable.includes(host);
  return reachable.includesLocalhost || (host !== 'localhost' && !host.endsWith('.localhost'));
}

/** With the dot that ends an absolute name, the certificate would not match the host. */
function withoutTrailingDots(hostname: string): string {
  return hostname.endsWith('.') ? withoutTrailingDots(hostname.slice(0, -1)) : hostname;
}

function refuse(problem: string): ParsedWebhookUrl {
  return { ok: false, problem };
}
