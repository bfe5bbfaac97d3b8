import { Logger } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.js';
import type { AuditAction } from '../../audit/audit-action.js';
import type { Origin } from '../../audit/origin.js';
import type { Clock } from '../../clock/clock.js';
import type { UserId } from '../../core/model/ids.js';
import { afterEffect } from '../../errors/after-effect.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { RowChanges } from '../../journal/row-changes.js';
import type { UserRow } from '../../journal/rows/user-row.js';
import type { LockStore } from '../../store/lock-store.js';
import { tokenRecorder } from '../token-audit.js';
import { qualifiedLogin } from '../tokens/token-facts.js';
import type { MadeToken, Tokens } from '../tokens/tokens.js';
import type { TokenTerms } from '../tokens/valid-token.js';
import type { UserDirectory } from '../user-directory.js';
import { SERVICE_ACCOUNTS_MAX } from './limits.js';
import type { ServiceAccounts } from './service-accounts.js';

interface Parts {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly users: UserDirectory;
  readonly tokens: Tokens;
  readonly services: ServiceAccounts;
}

/** Deletes what belongs to an account that has been deleted. */
type OnRemoved = (userId: UserId) => Promise<void>;

/**
 * Changes service accounts and their tokens. A change takes effect when it is durable, together with its record in the audit. The last
 * parameter says where it comes from.
 */
export class ServiceAccountChanges {
  /** Operators know these log lines by this context. */
  readonly #logger = new Logger('Accounts');
  readonly #parts: Parts;
  readonly #trail: AuditTrail;
  readonly #removalListeners: OnRemoved[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#trail = new AuditTrail(parts.clock);
  }

  /** Calls `listener` when the end of an account is durable. The deletion waits for it. */
  onRemoved(listener: OnRemoved): void {
    this.#removalListeners.push(listener);
  }

  /** Throws `service_account_exists` and `service_account_limit_exceeded`. */
  create(name: string, owners: readonly UserId[], origin: Origin): Promise<Readonly<UserRow>> {
    const { store, clock, users, services } = this.#parts;
    store.admission.admit('new');
    return store.settleRefusal(async () => {
      if (users.find('service', name) !== null) throw new OctoStoreError('service_account_exists');
      if (services.count >= SERVICE_ACCOUNTS_MAX) {
        const details = `The limit is ${SERVICE_ACCOUNTS_MAX} service accounts.`;
        throw new OctoStoreError('service_account_limit_exceeded', { details });
      }
      const rows = new RowChanges();
      const identity = { provider: 'service', subject: name, login: name, avatarUrl: null } as const;
      const user = users.decide(identity, clock.wallMs(), rows);
      services.put({ userId: user.userId as UserId, owners }, rows);
      this.#record('service.create', user, origin, rows, owners);
      await store.write(rows);
      this.#log('Created a service account', user, { owners });
      return user;
    });
  }

  /** Replaces all owners. Throws `service_account_not_found`. */
  changeOwners(user: Readonly<UserRow>, owners: readonly UserId[], origin: Origin): Promise<void> {
    const { store, services } = this.#parts;
    const userId = user.userId as UserId;
    store.admission.admit('existing');
    return store.settleRefusal(async () => {
      this.#assertStaying(userId);
      const rows = new RowChanges();
      services.put({ userId, owners }, rows);
      this.#record('service.owners', user, origin, rows, owners);
      await store.write(rows);
      this.#log('Changed the owners of a service account', user, { owners });
    });
  }

  /**
   * Deletes an account with all its tokens, in one commit. What waits with its tokens ends with them, and its webhooks are deleted. Nothing
   * can renew its leases and sessions, so they expire. Throws `service_account_not_found`.
   */
  remove(user: Readonly<UserRow>, origin: Origin): Promise<void> {
    const { store, users, tokens, services } = this.#parts;
    const userId = user.userId as UserId;
    return store.settleRefusal(async () => {
      this.#assertStaying(userId);
      const rows = new RowChanges();
      services.remove(userId, rows);
      users.retire(userId, rows);
      this.#record('service.delete', user, origin, rows);
      const record = tokenRecorder(this.#trail, { action: 'token.revoke', origin, user });
      await tokens.revokeAllOf(userId, record, rows);
      this.#log('Deleted a service account', user);
      await afterEffect(async () => {
        for (const listener of this.#removalListeners) await listener(userId);
      });
    });
  }

  /** Creates a token for a service account. Throws `service_account_not_found` and `token_limit_exceeded`. */
  issue(user: Readonly<UserRow>, terms: TokenTerms, origin: Origin): Promise<MadeToken> {
    const { store, tokens } = this.#parts;
    const userId = user.userId as UserId;
    store.admission.admit('new');
    return store.settleRefusal(async () => {
      this.#assertStaying(userId);
      const record = tokenRecorder(this.#trail, { action: 'token.create', origin, user });
      const rows = new RowChanges();
      const made = await tokens.make({ userId, terms, beyondLimit: 'refuse', rows, record });
      this.#log('Issued a token', user);
      return made;
    });
  }

  #assertStaying(userId: UserId): void {
    if (!this.#parts.services.isStaying(userId)) throw new OctoStoreError('service_account_not_found');
  }

  #record(
    action: Extract<AuditAction, `service.${string}`>,
    user: Readonly<UserRow>,
    origin: Origin,
    rows: RowChanges,
    owners?: readonly UserId[],
  ): void {
    this.#trail.record(rows, {
      action,
      origin,
      subject: { kind: 'user', id: user.userId },
      outcome: 'ok',
      details: { user: qualifiedLogin(user), ...(owners === undefined ? {} : { owners: [...owners] }) },
    });
  }

  #log(message: string, { userId, login, provider }: Readonly<UserRow>, more: object = {}): void {
    this.#logger.log({ message, userId, login, provider, ...more });
  }
}
