export type DeliveryState = 'pending' | 'delivered' | 'dead';

/** Ordinary deliveries are made in the order of their events; repeats that a user asked for go beside that order. */
export type DeliveryLane = 'ordered' | 'repeat';

/** Why a delivery was given up. */
export const DEAD_REASONS = [
  'attempts_exhausted',
  'backlog_full',
  'webhook_disabled',
  'suspended',
  'skipped',
] as const;

export type DeadReason = (typeof DEAD_REASONS)[number];

/** One event on its way to one webhook. Times are wall-clock milliseconds. */
export interface DeliveryRow {
  /** Also the `webhook-id` header, the same on every attempt. */
  deliveryId: string;

  webhookId: string;

  /** The event's place in the log, and so the delivery's place in the webhook's queue. */
  sequence: number;

  /** The body, byte for byte as it is signed and sent. */
  payload: string;

  state: DeliveryState;

  lane: DeliveryLane;

  /** Set if and only if the delivery is dead. */
  deadReason: DeadReason | null;

  /** What came of each attempt, as a JSON array. */
  attempts: string;

  /** Failed attempts since the delivery was last queued: its place in the schedule of retries. */
  failures: number;

  /** When a failed attempt is repeated, an instant of the time line; null if nothing needs to be waited for. */
  nextAttemptAt: number | null;

  createdAt: number;
}
