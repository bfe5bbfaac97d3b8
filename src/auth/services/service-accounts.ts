import type { UserId } from '../../core/model/ids.js';
import type { RowChanges } from '../../journal/row-changes.js';
import type { ServiceAccountRow } from '../../journal/rows/service-account-row.js';
import { fromStoredJson, readList } from '../../journal/rows/stored-json.js';
import { DurableMap } from '../../store/durable-map.js';

/** A service account, and who owns it. Its name is in the directory of users. */
export interface ServiceAccount {
  readonly userId: UserId;
  readonly owners: readonly UserId[];
}

/** Which service accounts there are, and who owns them. */
export class ServiceAccounts {
  readonly #accounts = new DurableMap<UserId, ServiceAccount>({
    put: (rows, { userId, owners }) =>
      rows.put('service_accounts', { userId, owners: JSON.stringify(owners) }),
    remove: (rows, { userId }) => rows.remove('service_accounts', userId),
  });

  /** Throws `UnusableRowError`. */
  constructor(rows: readonly ServiceAccountRow[]) {
    for (const row of rows) {
      const account = accountOf(row);
      this.#accounts.load(account.userId, account);
    }
  }

  /** How many there are, including those that are not durable yet. */
  get count(): number {
    return this.#accounts.ahead.size;
  }

  /** Oldest first. */
  all(): ServiceAccount[] {
    return [...this.#accounts.durable.values()];
  }

  get(userId: UserId): ServiceAccount | null {
    return this.#accounts.durable.get(userId) ?? null;
  }

  /** Whether there is such an account, and it is not being deleted. */
  isStaying(userId: UserId): boolean {
    return this.#accounts.ahead.has(userId);
  }

  /** Adds an account or changes its owners. This is in force when these rows are durable. */
  put(account: ServiceAccount, rows: RowChanges): void {
    this.#accounts.set(account.userId, account, rows);
  }

  remove(userId: UserId, rows: RowChanges): void {
    this.#accounts.delete(userId, rows);
  }
}

function accountOf({ userId, owners }: ServiceAccountRow): ServiceAccount {
  const read = fromStoredJson(owners, 'service_accounts', (value) => readList(value, readOwner));
  return { userId: userId as UserId, owners: read };
}

function readOwner(value: unknown): UserId | null {
  return typeof value === 'string' ? (value as UserId) : null;
}
