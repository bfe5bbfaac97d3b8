/** Where a sign-in ends if it was given no address that it may end at. */
export const DEFAULT_RETURN = '/';

const LENGTH_MAX = 1024;

/** No server has this name (RFC 2606). */
const BASE = 'https://octostore.invalid';

/** To return there would begin the sign-in again. */
const SIGN_IN = '/auth/';

/**
 * The address within this origin that a text names, or else the default. Only what a browser would write itself is accepted: a path, and
 * perhaps a query and a fragment. So browsers, proxies and this server cannot understand it differently.
 */
export function returnAddress(text: unknown): string {
  return typeof text === 'string' && isOwnAddress(text) ? text : DEFAULT_RETURN;
}

function isOwnAddress(text: string): boolean {
  if (text.length > LENGTH_MAX || !text.startsWith('/') || text.startsWith('//')) return false;
  if (!URL.canParse(text, BASE)) return false;
  const url = new URL(text, BASE);
  if (url.origin !== BASE || url.pathname.startsWith(SIGN_IN)) return false;
  return `${url.pathname}${url.search}${url.hash}` === text;
}
