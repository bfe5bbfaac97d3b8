import type { Lease } from '../model/lease.js';
import type { Instant } from '../model/time.js';
import type { Due } from './deadline-heap.js';
import type { Linked } from './linked-list.js';

/** One of the leases that hold a lock. */
export interface HolderEntry extends Linked<HolderEntry> {
  readonly lease: Lease;
  readonly record: LeaseRecord;
}

/** A lease with its deadline. It is also the entry of the first lock that it holds, because almost all leases hold only one. */
export class LeaseRecord implements Due, HolderEntry {
  heapIndex = -1;
  previous: HolderEntry | null = null;
  next: HolderEntry | null = null;

  constructor(
    public lease: Lease,
    /** The entries of the other locks that the lease holds. */
    readonly others: readonly HolderEntry[],
  ) {}

  get record(): this {
    return this;
  }

  get kind(): 'lease' {
    return 'lease';
  }

  get deadline(): Instant {
    return this.lease.deadline;
  }
}

/** The entry of a lock that is not the first one of its lease. */
export class OtherEntry implements HolderEntry {
  previous: HolderEntry | null = null;
  next: HolderEntry | null = null;

  constructor(readonly record: LeaseRecord) {}

  get lease(): Lease {
    return this.record.lease;
  }
}
