import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Request, Response } from 'express';
import type { Origin } from '../../audit/origin.js';
import type { Proven } from '../sign-in/proven.js';
import { signInResponse } from '../sign-in/sign-in.dto.js';
import { SignIns } from '../sign-in/sign-ins.js';
import { BrowserSessions } from './browser-sessions.js';
import { ReturnCookie } from './return-cookie.js';

/** A sign-in whose identity a provider has proven. */
export interface ProvenSignIn {
  readonly proven: Proven;
  readonly origin: Origin;
  readonly request: Request;
  readonly response: Response;
}

/** How every sign-in at a provider ends: with a bearer token in the answer, or with a browser session and a redirect. */
@Injectable()
export class SignInEnd {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly signIns: SignIns,
    private readonly sessions: BrowserSessions,
    private readonly cookie: ReturnCookie,
  ) {}

  /** Signs a proven identity in, and answers. */
  async answer({ proven, origin, request, response }: ProvenSignIn): Promise<void> {
    const returnTo = this.cookie.take(request, response);
    if (returnTo === null) {
      const issued = await this.signIns.withToken(proven, origin);
      this.host.httpAdapter.reply(response, signInResponse(issued), 200);
      return;
    }
    await this.sessions.signIn(proven, origin, request, response);
    response.setHeader('Location', returnTo);
    this.host.httpAdapter.reply(response, undefined, 302);
  }
}
