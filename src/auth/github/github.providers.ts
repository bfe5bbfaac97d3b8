import type { Provider } from '@nestjs/common';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { SecretBox } from '../../secrets/secret-box.js';
import { LockStore } from '../../store/lock-store.js';
import { Access } from '../../access/access.js';
import { Accounts } from '../accounts.js';
import { GitHubClient } from './github-client.js';
import { Clock } from '../../clock/clock.js';
import { GitHubMemberships } from './github-memberships.js';
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
    provide: SignInPolicy,
    inject: [CONFIG, GitHubClient, Accounts, Access, SecretBox],
    useFactory: createPolicy,
  },
  {
    provide: GitHubMemberships,
    inject: [CONFIG, GitHubClient, SignInPolicy, Clock],
    useFactory: createMemberships,
  },
  {
    provide: GitHubStrategy,
    inject: [CONFIG, SealedStateStore, GitHubClient, SignInPolicy],
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
  policy: SignInPolicy | null,
): GitHubStrategy | null {
  const settings = gitHubSettings(config);
  if (settings === null || policy === null) return null;
  return new GitHubStrategy({ settings, states, client, policy });
}

/** Null if sign-in with GitHub is not configured. */
function createPolicy(
  config: Config,
  client: GitHubClient,
  accounts: Accounts,
  access: Access,
  secretBox: SecretBox,
): SignInPolicy | null {
  const settings = gitHubSettings(config);
  if (settings === null) return null;
  return new SignInPolicy({ settings, client, named: accounts.named, access, secretBox });
}

/** Null if sign-in with GitHub is not configured. */
function createMemberships(
  config: Config,
  client: GitHubClient,
  policy: SignInPolicy | null,
  clock: Clock,
): GitHubMemberships | null {
  const settings = gitHubSettings(config);
  if (settings === null || policy === null) return null;
  return new GitHubMemberships(settings, client, policy, () => clock.wallMs());
}
