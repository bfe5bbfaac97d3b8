import type { IncomingMessage, ServerResponse } from 'node:http';
import { cookieValues } from '../cookie-values.js';

/** How long a sign-in may take, in seconds. GitHub's codes are valid for the same time. */
export const SIGN_IN_SECONDS_MAX = 600;

const NAME = 'octostore_sign_in';

/**
 * The cookie that ties a sign-in to the browser that began it. With HTTPS its name has a prefix with which browsers accept it only from
 * this very host. Otherwise a sibling domain could plant the state of an attacker's sign-in, and the user would be signed in as the attacker.
 */
export class StateCookie {
  readonly #name: string;
  readonly #attributes: string;

  /** @param redirectUri the address that the cookie is needed at. */
  constructor(redirectUri: string) {
    const { pathname, protocol } = new URL(redirectUri);
    const isSecure = protocol === 'https:';
    this.#name = isSecure ? `__Host-${NAME}` : NAME;
    const scope = isSecure ? 'Path=/; Secure' : `Path=${pathname}`;
    this.#attributes = `${scope}; HttpOnly; SameSite=Lax`;
  }

  set(response: ServerResponse, value: string): void {
    response.appendHeader(
      'Set-Cookie',
      `${this.#name}=${value}; Max-Age=${SIGN_IN_SECONDS_MAX}; ${this.#attributes}`,
    );
  }

  clear(response: ServerResponse): void {
    response.appendHeader('Set-Cookie', `${this.#name}=; Max-Age=0; ${this.#attributes}`);
  }

  /** The value of the cookie. Null if there is none, or more than one: then it is unknown which one this browser was given. */
  read(request: IncomingMessage): string | null {
    const values = cookieValues(request, this.#name);
    const [value] = values;
    return values.length === 1 && value !== undefined && value !== '' ? value : null;
  }
}
