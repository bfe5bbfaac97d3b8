import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { SIGN_IN_SECONDS_MAX } from '../sign-in/state-cookie.js';
import { BrowserCookie } from './browser-cookie.js';
import { PageOrigin } from './page-origin.js';
import { returnAddress } from './return-to.js';

/** Remembers in the browser where a sign-in ends, if it ends in a browser session. */
@Injectable()
export class ReturnCookie {
  readonly #cookie: BrowserCookie;

  constructor(pages: PageOrigin) {
    // The browser sends it when the provider redirects to this server, which is another site's doing.
    this.#cookie = new BrowserCookie({ name: 'octostore_return_to', sameSite: 'Lax', pages });
  }

  /** @param returnTo the address as the browser asked for it. */
  set(request: IncomingMessage, response: ServerResponse, returnTo: unknown): void {
    const value = Buffer.from(returnAddress(returnTo), 'utf8').toString('base64url');
    this.#cookie.set(request, response, value, SIGN_IN_SECONDS_MAX);
  }

  /** The address to return to, which the browser then forgets. Null if the sign-in ends in a bearer token. */
  take(request: IncomingMessage, response: ServerResponse): string | null {
    const cookie = this.#cookie.read(request);
    if (cookie.kind === 'none') return null;
    this.#cookie.clear(request, response);
    if (cookie.kind === 'ambiguous') return null;
    return returnAddress(Buffer.from(cookie.value, 'base64url').toString('utf8'));
  }
}
