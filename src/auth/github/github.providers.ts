import type { Provider } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { SecretBox } from '../../secrets/secret-box.js';
import { Accounts } from '../accounts.js';
import { GitHubClient } from './github-client.js';
import { gitHubSettings } from './github-settings.js';
import { GitHubStrategy } from './github.strategy.js';
import { SealedStateStore } from './sealed-state-store.js';
import { SignInPolicy } from './sign-in-policy.js';
import { SignInRateGuard } from './sign-in-rate.guard.js';
import { FinishSignInGuard, StartSignInGuard } from './sign-in.guards.js';
import { StateCookie } from './state-cookie.js';

export const GITHUB_PROVIDERS: Provider[] = [
  GitHubClient,
  {
    provide: StateCookie,
    inject: [CONFIG],
    useFactory: (config: Config) => new StateCookie(config.GITHUB_REDIRECT_URI),
  },
  {
    provide: GitHubStrategy,
    inject: [CONFIG, Clock, SecretBox, StateCookie, GitHubClient, Accounts],
    useFactory: createStrategy,
  },
  StartSignInGuard,
  FinishSignInGuard,
  SignInRateGuard,
];

/** Null if sign-in with GitHub is not configured. */
function createStrategy(
  config: Config,
  clock: Clock,
  secretBox: SecretBox,
  cookie: StateCookie,
  client: GitHubClient,
  accounts: Accounts,
): GitHubStrategy | null {
  const settings = gitHubSettings(config);
  if (settings === null) return null;
  const states = new SealedStateStore(clock, secretBox, cookie);
  const policy = new SignInPolicy(settings, client, accounts.named);
  return new GitHubStrategy({ settings, states, client, policy });
}
