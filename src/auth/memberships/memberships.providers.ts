import type { Provider } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.js';
import { Clock } from '../../clock/clock.js';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { SecretBox } from '../../secrets/secret-box.js';
import { LockStore } from '../../store/lock-store.js';
import { Accounts } from '../accounts.js';
import { GitHubMemberships } from '../github/github-memberships.js';
import { OidcMemberships } from '../oidc/oidc-memberships.js';
import { MembershipRechecks } from './membership-rechecks.js';
import { MembershipRechecksJob } from './membership-rechecks.job.js';

const HOUR_MS = 3_600_000;

export const MEMBERSHIP_PROVIDERS: Provider[] = [
  {
    provide: MembershipRechecks,
    inject: [CONFIG, Accounts, LockStore, Clock, SecretBox, AuditTrail, GitHubMemberships, OidcMemberships],
    useFactory: createRechecks,
  },
  MembershipRechecksJob,
];

function createRechecks(
  config: Config,
  accounts: Accounts,
  store: LockStore,
  clock: Clock,
  secretBox: SecretBox,
  trail: AuditTrail,
  gitHub: GitHubMemberships | null,
  oidc: OidcMemberships | null,
): MembershipRechecks {
  const sources = [gitHub, oidc].filter((source) => source !== null);
  const intervalMs = config.MEMBERSHIP_RECHECK_HOURS * HOUR_MS;
  return new MembershipRechecks({ accounts, store, clock, secretBox, trail, sources, intervalMs });
}
