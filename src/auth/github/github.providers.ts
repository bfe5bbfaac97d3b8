import type { Provider } from '@nestjs/common';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { SecretBox } from '../../secrets/secret-box.js';
import { LockStore } from '../../store/lock-store.js';
import { Accounts } from '../accounts.js';
import { GitHubClient } from './github-client.js';
import { gitHubSettings } from './github-settings.js';
import { GitHubStrategy } from './github.strategy.js';
import { SealedStateStore } from './sealed-state-store.js';
import { SignInPolicy } from './sign-in-policy.js';
import { SignInRateGuard } from './sign-in-rate.guard.js';
import { FinishSignInGuard, StartSignInGuard } from './sign-in.guards.js';
import { StateCookie } from './state-cookie.js';
import { UsedStates } from './used-states.js';
import { UsedStatesJob } from './used-states.job.js';

export const GITHUB_PROVIDERS: Provider[] = [
  GitHubClient,
  {
    provide: StateCookie,
    inject: [CONFIG],
    useFactory: (config: Config) => new StateCookie(config.GITHUB_REDIRECT_URI),
  },
  {
    provide: SealedStateStore,
    inject: [LockStore, SecretBox, StateCookie, UsedStates],
    useFactory: (...parts: ConstructorParameters<typeof SealedStateStore>) => new SealedStateStore(...parts),
  },
  {
    provide: GitHubStrategy,
    inject: [CONFIG, SealedStateStore, GitHubClient, Accounts],
    useFactory: createStrategy,
  },
  StartSignInGuard,
  FinishSignInGuard,
  SignInRateGuard,
  UsedStatesJob,
];

/** Null if sign-in with GitHub is not configured. */
function createStrategy(
  config: Config,
  states: SealedStateStore,
  client: GitHubClient,
  accounts: Accounts,
): GitHubStrategy | null {
  const settings = gitHubSettings(config);
  if (settings === null) return null;
  const policy = new SignInPolicy(settings, client, accounts.named);
  return new GitHubStrategy({ settings, states, client, policy });
}
