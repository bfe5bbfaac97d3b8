import type { IncomingMessage, ServerResponse } from 'node:http';
import { cookieValues } from '../cookie-values.js';
import type { PageOrigin } from './page-origin.js';

interface Options {
  readonly name: string;
  readonly sameSite: 'Lax' | 'Strict';
  readonly pages: Pick<PageOrigin, 'isLoopback'>;
}

/** The value of a cookie. `ambiguous` if the request has several: then it is unknown which one this server has set. */
export type CookieValue =
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'one'; readonly value: string };

/**
 * A cookie that scripts cannot read. With the prefix `__Host-`, browsers accept it only by HTTPS and only from this very host, so no
 * sibling domain can set it. On the loopback interface without HTTPS, it has no prefix.
 */
export class BrowserCookie {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  set(request: IncomingMessage, response: ServerResponse, value: string, seconds: number): void {
    const secure = this.#options.pages.isLoopback(request) ? '' : '; Secure';
    response.appendHeader(
      'Set-Cookie',
      `${this.#nameIn(request)}=${value}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=${this.#options.sameSite}${secure}`,
    );
  }

  clear(request: IncomingMessage, response: ServerResponse): void {
    this.set(request, response, '', 0);
  }

  read(request: IncomingMessage): CookieValue {
    if (request.headers.cookie === undefined) return { kind: 'none' };
    const [value, ...others] = cookieValues(request, this.#nameIn(request));
    if (value === undefined) return { kind: 'none' };
    return others.length > 0 ? { kind: 'ambiguous' } : { kind: 'one', value };
  }

  #nameIn(request: IncomingMessage): string {
    const { name, pages } = this.#options;
    return pages.isLoopback(request) ? name : `__Host-${name}`;
  }
}
