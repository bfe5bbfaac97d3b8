import type { LeaseId, UserId } from '../model/ids.js';
import { lockCountOf, type Holder } from '../model/lease.js';
import type { LeaseRecord } from './lease-record.js';
import { SetsByKey } from './sets-by-key.js';

interface UserLeases {
  /** The user without a session. The user's leases share the object. */
  readonly holder: Holder;
  readonly records: Set<LeaseRecord>;
  lockCount: number;
  /** Built the first time that it is needed, because most clients name the lock as well. A client may choose one id for several leases. */
  byId: SetsByKey<LeaseId, LeaseRecord> | null;
}

/** The leases of each user, and how many locks they hold. */
export class LeasesByUser {
  readonly #users = new Map<UserId, UserLeases>();

  lockCountOf(userId: UserId): number {
    return this.#users.get(userId)?.lockCount ?? 0;
  }

  of(userId: UserId): Iterable<LeaseRecord> {
    return this.#users.get(userId)?.records ?? [];
  }

  withId(userId: UserId, leaseId: LeaseId): Iterable<LeaseRecord> {
    const user = this.#users.get(userId);
    if (user === undefined) return [];
    user.byId ??= indexOf(user.records);
    return user.byId.of(leaseId) ?? [];
  }

  /** An equal holder, which other leases already have if possible. A million of them would take much memory. */
  shared(holder: Holder): Holder {
    return holder.sessionId === null ? (this.#users.get(holder.userId)?.holder ?? holder) : holder;
  }

  add(record: LeaseRecord): void {
    const { lease } = record;
    const user = this.#userOrNew(lease.holder.userId);
    user.records.add(record);
    user.byId?.add(lease.leaseId, record);
    user.lockCount += lockCountOf(lease);
  }

  remove(record: LeaseRecord): void {
    const { lease } = record;
    const { userId } = lease.holder;
    const user = this.#userOrNew(userId);
    user.records.delete(record);
    user.byId?.delete(lease.leaseId, record);
    user.lockCount -= lockCountOf(lease);
    if (user.records.size === 0) this.#users.delete(userId);
  }

  #userOrNew(userId: UserId): UserLeases {
    let user = this.#users.get(userId);
    if (user === undefined) {
      user = { holder: { userId, sessionId: null }, records: new Set(), lockCount: 0, byId: null };
      this.#users.set(userId, user);
    }
    return user;
  }
}

function indexOf(records: Iterable<LeaseRecord>): SetsByKey<LeaseId, LeaseRecord> {
  const index = new SetsByKey<LeaseId, LeaseRecord>();
  for (const record of records) index.add(record.lease.leaseId, record);
  return index;
}
