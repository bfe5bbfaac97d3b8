import { Inject, Injectable } from '@nestjs/common';
import { SignInAudit } from '../sign-in/sign-in-audit.js';
import { FinishSignInGuard, StartSignInGuard } from '../sign-in/sign-in.guards.js';
import { StateCookie } from '../sign-in/state-cookie.js';
import { OidcStrategy } from './oidc.strategy.js';

/** The cookie of sign-ins with OpenID Connect. */
export class OidcStateCookie extends StateCookie {}

@Injectable()
export class StartOidcSignInGuard extends StartSignInGuard {
  constructor(@Inject(OidcStrategy) strategy: OidcStrategy | null) {
    super(strategy);
  }
}

@Injectable()
export class FinishOidcSignInGuard extends FinishSignInGuard {
  /** The codes of some providers have more than 1,000 characters. */
  protected override readonly codeLengthMax = 4096;

  constructor(
    @Inject(OidcStrategy) strategy: OidcStrategy | null,
    cookie: OidcStateCookie,
    audit: SignInAudit,
  ) {
    super(strategy, cookie, audit);
  }
}
