import type { FencingToken, LeaseId, UserId } from './ids.js';
import type { LockName } from './lock-name.js';
import type { Instant } from './time.js';

/** A lease that someone else ended. It is remembered for `BROKEN_LEASE_MEMORY_SECONDS`, so that its holder can be told why. */
export interface BrokenLease {
  readonly leaseId: LeaseId;
  readonly userId: UserId;
  readonly fencingToken: FencingToken;
  /** All locks that it held, in the order in which they were asked for. */
  readonly lockNames: readonly LockName[];
  /** The user who broke it. Null if it was someone with the admin key. */
  readonly brokenBy: UserId | null;
  readonly reason: string;
  readonly brokenAt: Instant;
}
