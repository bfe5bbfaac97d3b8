import { Logger } from '@nestjs/common';
import { Access } from './access/access.js';
import { userQuotasOf } from './access/user-quotas.js';
import { AuditTrail } from './audit/audit-trail.js';
import { SERVER_ORIGIN } from './audit/origin.js';
import { Accounts } from './auth/accounts.js';
import { recordConfigured } from './auth/configured-accounts.js';
import { TrustedIssuers } from './auth/exchange/trusted-issuers.js';
import { FirstStart } from './auth/first-start.js';
import { withCredentialResealed } from './auth/memberships/credential.js';
import { UsedStates } from './auth/sign-in/used-states.js';
import { StaticTokens } from './auth/tokens/static-tokens.js';
import type { Clock } from './clock/clock.js';
import type { Config } from './config/config.js';
import type { UserId } from './core/model/ids.js';
import type { DatabaseLocation } from './installation/database-location.js';
import type { Journal } from './journal/journal.js';
import type { RowChanges } from './journal/row-changes.js';
import { withKeyResealed } from './proofs/keys/proof-key.js';
import { PolicyVersions } from './policy/policy-versions.js';
import { ProofKeys } from './proofs/keys/proof-keys.js';
import { openSecretBox } from './secrets/open-secret-box.js';
import type { SecretBox } from './secrets/secret-box.js';
import { resealTable } from './store/load/reseal-table.js';
import { LockStore } from './store/lock-store.js';
import { storeOptionsOf } from './store/store-options.js';
import { PassingOn } from './tracing/passing-on.js';
import type { Tracing } from './tracing/tracing.js';
import { suspendOrphans } from './webhooks/management/suspend.js';
import { WebhookRegistry } from './webhooks/subscriptions/webhook-registry.js';
import { withSecretResealed } from './webhooks/transport/webhook-sender.js';

const logger = new Logger('Secrets');

/** The time during which one process leads, with the store and the data that the application is built from. */
export interface Term {
  readonly store: LockStore;
  readonly trail: AuditTrail;
  readonly accounts: Accounts;
  readonly access: Access;
  readonly policies: PolicyVersions;
  readonly firstStart: FirstStart;
  readonly usedStates: UsedStates;
  readonly webhooks: WebhookRegistry;
  readonly proofKeys: ProofKeys;
  readonly secrets: SecretBox;
  readonly issuers: TrustedIssuers;
}

/** Keeps track of which secret keys the servers of a shared database need. */
export interface KeyTurn {
  /** Before anything is encrypted with the first key. Throws `ConfigError` if this server lacks a key that another one used. */
  begin(): Promise<void>;
  /** Everything is encrypted with the first key. */
  end(): Promise<void>;
}

interface TermOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly location: DatabaseLocation;
  readonly tracing?: Tracing;
  /** Whether the token of a first start can reach you without being seen by others. */
  readonly mayShowToken?: boolean;
  /** If other servers use the database too. */
  readonly keyTurn?: KeyTurn;
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
  { config, clock, location, tracing = new PassingOn(), mayShowToken = true, keyTurn, signal }: TermOptions,
): Promise<Term> {
  // Read once, so that what the audit says is what this term uses.
  const [staticTokens, issuers] = [StaticTokens.fromConfig(config), TrustedIssuers.fromConfig(config)];
  const secrets = await openSecretBox(config, location);
  // The store comes first, but asks only about users, and those only exist once the accounts are loaded.
  const access = new Access({
    user: (userId) => accounts.user(userId),
    loginsOf: (account) => accounts.named.loginsOf(account),
    isAdministrator: (account) => accounts.isAdministrator(account),
    groupsOf: (userId) => accounts.memberships.groupsOf(userId),
    groupsChangedAfter: (userId) => accounts.memberships.changedAfter(userId),
  });
  const options = {
    ...storeOptionsOf(config),
    tracing,
    ofUser: (userId: UserId) => userQuotasOf(access.limitsOf(userId)),
  };
  const store = await LockStore.lead(journal, clock, options, signal);
  await keyTurn?.begin();
  const trail = new AuditTrail(clock);
  if (secrets.hasFormerKeys) await encryptAgain({ journal, store, secrets, trail });
  await keyTurn?.end();
  await recordConfigured({ journal, store, trail, config, secrets, staticTokens, issuers });
  const accounts = await Accounts.open({ journal, store, clock, config, staticTokens });
  accounts.memberships.onRegroup((userId) => access.beginRegrouping(userId));
  const policies = await PolicyVersions.open({ journal, store, clock, accounts, access });
  const firstStart = await FirstStart.prepare(accounts, config, { mayShowToken });
  const usedStates = await UsedStates.open(journal, store);
  const webhooks = await WebhookRegistry.open(journal, clock, accounts);
  await suspendOrphans(webhooks, accounts, store);
  const proofKeys = await ProofKeys.open({ journal, store, secrets, clock, config });
  return {
    store,
    trail,
    accounts,
    access,
    policies,
    firstStart,
    usedStates,
    webhooks,
    proofKeys,
    secrets,
    issuers,
  };
}

interface Sealed {
  readonly journal: Journal;
  readonly store: LockStore;
  readonly secrets: SecretBox;
  readonly trail: AuditTrail;
}

/** Encrypts everything that is stored with the first key, and tells the operator whether the others can go. */
async function encryptAgain({ journal, store, secrets, trail }: Sealed): Promise<void> {
  const parts = { journal, store, record: recordResealed(trail) };
  const webhooks = await resealTable(parts, 'webhooks', (row) => withSecretResealed(row, secrets));
  const proofKeys = await resealTable(parts, 'proof_keys', (row) => withKeyResealed(row, secrets));
  const memberships = await resealTable(parts, 'memberships', (row) => withCredentialResealed(row, secrets));
  const counts = {
    webhooksEncryptedAgain: webhooks.resealed,
    proofKeysEncryptedAgain: proofKeys.resealed,
    membershipsEncryptedAgain: memberships.resealed,
  };
  const lost = webhooks.lost + proofKeys.lost + memberships.lost;
  if (lost === 0) logger.log({ message: ALL_ENCRYPTED, ...counts });
  else logger.error({ message: SOME_LOST, ...counts, lost });
}

function recordResealed(trail: AuditTrail) {
  return (table: string, count: number, rows: RowChanges): void =>
    trail.record(rows, {
      action: 'secret_key.replace',
      origin: SERVER_ORIGIN,
      subject: null,
      outcome: 'ok',
      details: { table, encrypted_again: count },
    });
}

const ALL_ENCRYPTED =
  'All stored secrets are encrypted with the first key of SECRET_KEY. Other keys, and a key file, can be removed once no server needs them';

const SOME_LOST =
  'No key in SECRET_KEY decrypts some stored secrets. Add the key that they were encrypted with to SECRET_KEY, and restart the server';
