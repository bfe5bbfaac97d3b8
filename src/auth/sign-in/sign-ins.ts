import { Injectable } from '@nestjs/common';
import type { Origin } from '../../audit/origin.js';
import { afterEffect } from '../../errors/after-effect.js';
import type { IssuedToken } from '../account-changes.js';
import { Accounts } from '../accounts.js';
import { AuditRefusals } from '../audit-refusals.js';
import { qualifiedLogin } from '../tokens/token-facts.js';
import type { BrowserFacts } from '../tokens/valid-token.js';
import type { Proven } from './proven.js';

/** Ends a sign-in, whichever provider has proven the identity. */
@Injectable()
export class SignIns {
  constructor(
    private readonly accounts: Accounts,
    private readonly refusals: AuditRefusals,
  ) {}

  /** Issues a bearer token. Throws `sign_in_not_allowed`, and records it. */
  withToken(proven: Proven, origin: Origin): Promise<IssuedToken> {
    return this.#finish(proven, origin, () =>
      this.accounts.changes.signIn(proven.identity, origin, proven.confirmed),
    );
  }

  /** Opens a browser session. Throws `sign_in_not_allowed`, and records it. */
  inBrowser(proven: Proven, browser: BrowserFacts, origin: Origin): Promise<IssuedToken> {
    return this.#finish(proven, origin, () => this.accounts.changes.signInToBrowser(proven, browser, origin));
  }

  /** The state has been used and the code redeemed, so no server could do this again. */
  #finish({ identity }: Proven, origin: Origin, signIn: () => Promise<IssuedToken>): Promise<IssuedToken> {
    const details = { user: qualifiedLogin(identity) };
    return this.refusals.watch({ action: 'sign_in', origin, subject: null, details }, () =>
      afterEffect(signIn),
    );
  }
}
