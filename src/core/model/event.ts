import type { FencingToken, Sequence } from './ids.js';
import type { Holder } from './lease.js';
import type { LockName } from './lock-name.js';
import type { Instant } from './time.js';

export const LOCK_EVENT_TYPES = ['acquired', 'released', 'renewed', 'expired'] as const;

export type LockEventType = (typeof LOCK_EVENT_TYPES)[number];

/** Something that happened to a lease. It is logged in the same commit as the change it reports. */
export interface LockEvent {
  readonly sequence: Sequence;
  readonly type: LockEventType;
  readonly lockName: LockName;
  readonly holder: Holder;
  readonly fencingToken: FencingToken;
  /** The lease's new deadline if it was acquired or renewed. Null if it ended. */
  readonly deadline: Instant | null;
  readonly metadata: string | null;
  readonly at: Instant;
}
