import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { Accounts } from '../accounts.js';
import { AuditRefusals } from '../audit-refusals.js';
import { AuthFailures } from '../auth-failures.js';
import type { Caller } from '../caller.js';
import { CSRF_HEADER } from './csrf-header.js';
import { PageOrigin } from './page-origin.js';
import { SessionCookie } from './session-cookie.js';
import { isCsrfTokenOf } from './session-secret.js';

/** The methods that change nothing. */
const SAFE: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD']);

/** Identifies callers by the cookies of their browser sessions. A request with an `Authorization` header is none of its business. */
@Injectable()
export class SessionCallers {
  constructor(
    private readonly accounts: Accounts,
    private readonly cookie: SessionCookie,
    private readonly pages: PageOrigin,
    private readonly failures: AuthFailures,
    private readonly refusals: AuditRefusals,
  ) {}

  /** The caller with a valid session. Null if there is none. Counts nothing and refuses nothing. */
  find(request: IncomingMessage): Caller | null {
    const presented = this.cookie.read(request);
    return typeof presented === 'string' ? null : this.accounts.callerWith(presented.tokenHash);
  }

  /**
   * The caller of a request without an `Authorization` header. Throws `unauthorized`, `token_expired` or `rate_limited`, and `csrf_failed`
   * if the request changes something and may come from another website.
   */
  admit(request: IncomingMessage): Caller {
    const presented = this.cookie.read(request);
    // A request without a cookie is not an attempt to guess one, so it is not counted.
    if (presented === 'none') throw new OctoStoreError('unauthorized');
    if (presented === 'invalid') throw this.failures.refusal(request, 'token');
    const caller = this.accounts.callerWith(presented.tokenHash);
    if (caller === null)
      throw this.failures.refusal(
        request,
        'token',
        new OctoStoreError(this.accounts.refusalOf(presented.tokenHash)),
      );
    const forgery = SAFE.has(request.method) ? null : this.#forgeryIn(request, presented.secret);
    if (forgery !== null) throw this.refusals.forged(request, caller, forgery);
    return caller;
  }

  /** Why another website may have made the request. Null if none can have. */
  #forgeryIn(request: IncomingMessage, secret: string): OctoStoreError | null {
    const token = request.headers[CSRF_HEADER];
    if (typeof token !== 'string' || !isCsrfTokenOf(secret, token)) return new OctoStoreError('csrf_failed');
    return this.pages.isOwn(request) ? null : new OctoStoreError('csrf_failed', { details: OTHER_ORIGIN });
  }
}

const OTHER_ORIGIN =
  'Origin or Sec-Fetch-Site says that the request comes from another website. If there is a proxy, it must pass on the Host header.';
