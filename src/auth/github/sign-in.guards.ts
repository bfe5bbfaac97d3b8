import { Inject, Injectable } from '@nestjs/common';
import { SignInAudit } from '../sign-in/sign-in-audit.js';
import { FinishSignInGuard, StartSignInGuard } from '../sign-in/sign-in.guards.js';
import { StateCookie } from '../sign-in/state-cookie.js';
import { GitHubStrategy } from './github.strategy.js';

@Injectable()
export class StartGitHubSignInGuard extends StartSignInGuard {
  constructor(@Inject(GitHubStrategy) strategy: GitHubStrategy | null) {
    super(strategy);
  }
}

@Injectable()
export class FinishGitHubSignInGuard extends FinishSignInGuard {
  /** GitHub's codes currently have 20 characters. */
  protected override readonly codeLengthMax = 512;

  constructor(
    @Inject(GitHubStrategy) strategy: GitHubStrategy | null,
    cookie: StateCookie,
    audit: SignInAudit,
  ) {
    super(strategy, cookie, audit);
  }
}
