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
}
