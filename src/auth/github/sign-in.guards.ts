import { Inject, Injectable } from '@nestjs/common';
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

  constructor(@Inject(GitHubStrategy) strategy: GitHubStrategy | null, cookie: StateCookie) {
    super(strategy, cookie);
  }
}
