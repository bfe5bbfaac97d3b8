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
import { FinishGitHubSignInGuard, StartGitHubSignInGuard } from './sign-in.guards.js';
import { SealedStates } from '../sign-in/sealed-states.js';
import { StateCookie } from '../sign-in/state-cookie.js';
import { UsedStates } from '../sign-in/used-states.js';

const PURPOSE = 'oauth-state';

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
    useFactory: (timeline: LockStore, secretBox: SecretBox, cookie: StateCookie, used: UsedStates) =>
      new SealedStateStore(new SealedStates({ timeline, secretBox, cookie, used, purpose: PURPOSE })),
  },
  {
    provide: GitHubStrategy,
    inject: [CONFIG, SealedStateStore, GitHubClient, Accounts],
    useFactory: createStrategy,
  },
  StartGitHubSignInGuard,
  FinishGitHubSignInGuard,
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
