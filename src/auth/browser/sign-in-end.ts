import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Request, Response } from 'express';
import type { Origin } from '../../audit/origin.js';
import { afterEffect } from '../../errors/after-effect.js';
import { Accounts } from '../accounts.js';
import { signInResponse } from '../github/sign-in.dto.js';
import type { Identity } from '../user-directory.js';
import { BrowserSessions } from './browser-sessions.js';
import { ReturnCookie } from './return-cookie.js';

/** A sign-in whose identity a provider has proven. */
export interface ProvenSignIn {
  readonly identity: Identity;
  readonly origin: Origin;
  readonly request: Request;
  readonly response: Response;
}

/** How every sign-in at a provider ends: with a bearer token in the answer, or with a browser session and a redirect. */
@Injectable()
export class SignInEnd {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly accounts: Accounts,
    private readonly sessions: BrowserSessions,
    private readonly cookie: ReturnCookie,
  ) {}

  /** Signs a proven identity in, and answers. Its state has been used and its code redeemed, so no server could do this again. */
  async answer({ identity, origin, request, response }: ProvenSignIn): Promise<void> {
    const returnTo = this.cookie.take(request, response);
    if (returnTo === null) {
      const issued = await afterEffect(() => this.accounts.changes.signIn(identity, origin));
      this.host.httpAdapter.reply(response, signInResponse(issued), 200);
      return;
    }
    await afterEffect(() => this.sessions.signIn(identity, origin, request, response));
    response.setHeader('Location', returnTo);
    this.host.httpAdapter.reply(response, undefined, 302);
  }
}
