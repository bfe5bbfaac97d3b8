import { Accounts } from './auth/accounts.js';
import { FirstStart } from './auth/first-start.js';
import type { Clock } from './clock/clock.js';
import type { Config } from './config/config.js';
import type { DatabaseLocation } from './installation/database-location.js';
import type { Journal } from './journal/journal.js';
import { openSecretBox } from './secrets/open-secret-box.js';
import type { SecretBox } from './secrets/secret-box.js';
import { LockStore } from './store/lock-store.js';
import { storeOptionsOf } from './store/store-options.js';
import { WebhookRegistry } from './webhooks/subscriptions/webhook-registry.js';

/** The time during which this process leads: what the application is built from, led and loaded before anybody is served. */
export interface Term {
  readonly store: LockStore;
  readonly accounts: Accounts;
  readonly firstStart: FirstStart;
  readonly webhooks: WebhookRegistry;
  readonly secrets: SecretBox;
}

interface Place {
  readonly config: Config;
  readonly clock: Clock;
  readonly location: DatabaseLocation;
}

/**
 * Begins a term on a journal that is connected, and loads what the last one left. Closing the application that is built from it
 * ends it; the journal stays connected and can be led again. Throws `ConfigError` and `UnusableNumbersError`.
 */
export async function leadTerm(journal: Journal, { config, clock, location }: Place): Promise<Term> {
  const secrets = await openSecretBox(config, location);
  const store = await LockStore.lead(journal, clock, storeOptionsOf(config));
  const accounts = await Accounts.open(journal, store, clock, config);
  const firstStart = await FirstStart.prepare(accounts, config);
  const webhooks = await WebhookRegistry.open(journal, clock);
  return { store, accounts, firstStart, webhooks, secrets };
}
