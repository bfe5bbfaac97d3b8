import { Injectable } from '@nestjs/common';
import type { Origin } from '../../audit/origin.js';
import { afterEffect } from '../../errors/after-effect.js';
import type { IssuedToken } from '../account-changes.js';
import { Accounts } from '../accounts.js';
import { AuditRefusals } from '../audit-refusals.js';
import { qualifiedLogin } from '../tokens/token-facts.js';
import type { Proven } from './proven-identity.decorator.js';

/** Ends a sign-in, whichever provider has proven the identity. */
@Injectable()
export class SignIns {
  constructor(
    private readonly accounts: Accounts,
    private readonly refusals: AuditRefusals,
  ) {}

  /** Issues a token. Throws `sign_in_not_allowed`, and records it. The state has been used and the code redeemed, so no server could do this again. */
  finish({ identity, confirmed }: Proven, origin: Origin): Promise<IssuedToken> {
    const details = { user: qualifiedLogin(identity) };
    return this.refusals.watch({ action: 'sign_in', origin, subject: null, details }, () =>
      afterEffect(() => this.accounts.changes.signIn(identity, origin, confirmed)),
    );
  }
}
