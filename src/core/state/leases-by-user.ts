import type { LeaseId, UserId } from '../model/ids.js';
import { lockCountOf, type Lease } from '../model/lease.js';
import type { LeaseRecord } from './records.js';

/** A client may choose one id for several leases. That is rare, so only then is there a list. */
type SameId = LeaseRecord | readonly LeaseRecord[];

interface UserLeases {
  readonly byId: Map<LeaseId, SameId>;
  lockCount: number;
}

/** The leases of each user by their ids, and how many locks they hold. */
export class LeasesByUser {
  readonly #users = new Map<UserId, UserLeases>();

  lockCountOf(userId: UserId): number {
    return this.#users.get(userId)?.lockCount ?? 0;
  }

  withId(userId: UserId, leaseId: LeaseId): readonly LeaseRecord[] {
    return listOf(this.#users.get(userId)?.byId.get(leaseId));
  }

  *of(userId: UserId): Generator<LeaseRecord> {
    for (const records of this.#users.get(userId)?.byId.values() ?? []) yield* listOf(records);
  }

  /** Throws if there is no record of this lease. */
  recordOf({ holder, leaseId, fencingToken }: Lease): LeaseRecord {
    const records = this.withId(holder.userId, leaseId);
    const record = records.find(({ lease }) => lease.fencingToken === fencingToken);
    if (record === undefined) throw new Error(`there is no lease with fencing token ${fencingToken}`);
    return record;
  }

  add(record: LeaseRecord): void {
    const { holder, leaseId } = record.lease;
    const user = this.#userOrNew(holder.userId);
    const others = listOf(user.byId.get(leaseId));
    user.byId.set(leaseId, others.length === 0 ? record : [...others, record]);
    user.lockCount += lockCountOf(record.lease);
  }

  remove(record: LeaseRecord): void {
    const { holder, leaseId } = record.lease;
    const user = this.#userOrNew(holder.userId);
    const [first, ...more] = listOf(user.byId.get(leaseId)).filter((other) => other !== record);
    if (first === undefined) user.byId.delete(leaseId);
    else user.byId.set(leaseId, more.length === 0 ? first : [first, ...more]);
    user.lockCount -= lockCountOf(record.lease);
    if (user.byId.size === 0) this.#users.delete(holder.userId);
  }

  #userOrNew(userId: UserId): UserLeases {
    let user = this.#users.get(userId);
    if (user === undefined) {
      user = { byId: new Map(), lockCount: 0 };
      this.#users.set(userId, user);
    }
    return user;
  }
}

function listOf(records: SameId | undefined): readonly LeaseRecord[] {
  if (records === undefined) return [];
  return 'heapIndex' in records ? [records] : records;
}
