import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { TokenHash } from '../tokens/token-format.js';
import { BrowserCookie } from './browser-cookie.js';
import { PageOrigin } from './page-origin.js';
import { hashSessionSecret, isSessionSecret } from './session-secret.js';

/** A session as a request presents it. */
export interface PresentedSession {
  readonly secret: string;
  readonly tokenHash: TokenHash;
}

/** The cookie that carries the secret of a browser session. */
@Injectable()
export class SessionCookie {
  readonly #cookie: BrowserCookie;

  constructor(pages: PageOrigin) {
    this.#cookie = new BrowserCookie({ name: 'octostore', sameSite: 'Strict', pages });
  }

  set(request: IncomingMessage, response: ServerResponse, secret: string, seconds: number): void {
    this.#cookie.set(request, response, secret, seconds);
  }

  clear(request: IncomingMessage, response: ServerResponse): void {
    this.#cookie.clear(request, response);
  }

  /** The session that a request presents, `none`, or `invalid` if it presents something that cannot be one. */
  read(request: IncomingMessage): PresentedSession | 'none' | 'invalid' {
    const cookie = this.#cookie.read(request);
    if (cookie.kind === 'none') return 'none';
    if (cookie.kind === 'ambiguous' || !isSessionSecret(cookie.value)) return 'invalid';
    return { secret: cookie.value, tokenHash: hashSessionSecret(cookie.value) };
  }
}
