import type { BrokenLease } from '../model/broken-lease.js';
import type { FencingToken, LeaseId, UserId } from '../model/ids.js';
import { BROKEN_LEASE_MEMORY_SECONDS } from '../model/limits.js';
import { afterSeconds, type Instant } from '../model/time.js';
import type { Due } from './deadline-heap.js';
import { SetsByKey } from './sets-by-key.js';

export interface BrokenLeaseRecord extends Due {
  readonly kind: 'broken_lease';
  readonly broken: BrokenLease;
  /** When it is forgotten. */
  readonly deadline: Instant;
}

/** The leases that someone else has ended a short time ago, by the ids that their holders know. */
export class BrokenLeases {
  readonly #records = new Map<FencingToken, BrokenLeaseRecord>();
  readonly #byId = new SetsByKey<string, BrokenLeaseRecord>();

  get size(): number {
    return this.#records.size;
  }

  withId(userId: UserId, leaseId: LeaseId): Iterable<BrokenLeaseRecord> {
    return this.#byId.of(keyOf(userId, leaseId)) ?? [];
  }

  add(broken: BrokenLease): BrokenLeaseRecord {
    const deadline = afterSeconds(broken.brokenAt, BROKEN_LEASE_MEMORY_SECONDS);
    const record: BrokenLeaseRecord = { kind: 'broken_lease', broken, deadline, heapIndex: -1 };
    this.#records.set(broken.fencingToken, record);
    this.#byId.add(keyOf(broken.userId, broken.leaseId), record);
    return record;
  }

  remove({ fencingToken, userId, leaseId }: BrokenLease): BrokenLeaseRecord {
    const record = this.#records.get(fencingToken);
    if (record === undefined) throw new Error(`no broken lease has the fencing token ${fencingToken}`);
    this.#records.delete(fencingToken);
    this.#byId.delete(keyOf(userId, leaseId), record);
    return record;
  }
}

function keyOf(userId: UserId, leaseId: LeaseId): string {
  return `${userId} ${leaseId}`;
}
