import type { LockEventType } from '../../core/model/event.js';

/** One entry of the event log, as a flat row. See `event-columns.ts`. Times are in wall-clock milliseconds. */
export interface EventRow {
  sequence: number;

  type: LockEventType;

  lockName: string;

  userId: string;

  sessionId: string | null;

  fencingToken: number;

  expiresAt: number | null;

  metadata: string | null;

  occurredAt: number;

  /** JSON, see `event-details.ts`. Null if the lease holds one lock, exclusively. */
  details: string | null;
}
