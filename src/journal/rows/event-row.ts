import type { LockEventType } from '../../core/model/event.js';

/** One line of the event log, flat as a table has it. See `event-columns.ts`. Times are wall-clock milliseconds. */
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
