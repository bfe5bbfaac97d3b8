import { Access } from './access/access.js';
import { userQuotasOf } from './access/user-quotas.js';
import { Accounts } from './auth/accounts.js';
import { FirstStart } from './auth/first-start.js';
import { UsedStates } from './auth/github/used-states.js';
import type { Clock } from './clock/clock.js';
import type { Config } from './config/config.js';
import type { UserId } from './core/model/ids.js';
import type { DatabaseLocation } from './installation/database-location.js';
import type { Journal } from './journal/journal.js';
import { PolicyVersions } from './policy/policy-versions.js';
import { ProofKeys } from './proofs/keys/proof-keys.js';
import { openSecretBox } from './secrets/open-secret-box.js';
import type { SecretBox } from './secrets/secret-box.js';
import { LockStore } from './store/lock-store.js';
import { storeOptionsOf } from './store/store-options.js';
import { suspendOrphans } from './webhooks/management/suspend.js';
import { WebhookRegistry } from './webhooks/subscriptions/webhook-registry.js';

/** The time during which one process leads, with the store and the data that the application is built from. */
export interface Term {
  readonly store: LockStore;
  readonly accounts: Accounts;
  readonly access: Access;
  readonly policies: PolicyVersions;
  readonly firstStart: FirstStart;
  readonly usedStates: UsedStates;
  readonly webhooks: WebhookRegistry;
  readonly proofKeys: ProofKeys;
  readonly secrets: SecretBox;
}

interface TermOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly location: DatabaseLocation;
  /** Whether the token of a first start can reach you without being seen by others. */
  readonly mayShowToken?: boolean;
  /** Gives up waiting for another process that leads. The call then rejects with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Begins a term on a connected journal, and loads what the last term left. The term ends when you close the application built
 * from it. The journal stays connected, and another term can begin on it. Throws `ConfigError`, `UnusableNumbersError`
 * and `UnusableRowError`.
 */
export async function leadTerm(
  journal: Journal,
  { config, clock, location, mayShowToken = true, signal }: TermOptions,
): Promise<Term> {
  const secrets = await openSecretBox(config, location);
  // The store comes first, but asks only about users, and those only exist once the accounts are loaded.
  const access = new Access({
    user: (userId) => accounts.user(userId),
    loginsOf: (account) => accounts.named.loginsOf(account),
  });
  const options = {
    ...storeOptionsOf(config),
    ofUser: (userId: UserId) => userQuotasOf(access.limitsOf(userId)),
  };
  const store = await LockStore.lead(journal, clock, options, signal);
  const accounts = await Accounts.open(journal, store, clock, config);
  const policies = await PolicyVersions.open({ journal, store, clock, accounts, access });
  const firstStart = await FirstStart.prepare(accounts, config, { mayShowToken });
  const usedStates = await UsedStates.open(journal, store);
  const webhooks = await WebhookRegistry.open(journal, clock);
  await suspendOrphans(webhooks, accounts, store);
  const proofKeys = await ProofKeys.open({ journal, store, secrets, clock, config });
  return { store, accounts, access, policies, firstStart, usedStates, webhooks, proofKeys, secrets };
}
