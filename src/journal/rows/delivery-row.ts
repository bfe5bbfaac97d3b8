export type DeliveryState = 'pending' | 'delivered' | 'dead';

/**
 * `ordered` deliveries are sent in the order of their events. A `repeat`, which a user asked for, is sent outside that order.
 */
export type DeliveryLane = 'ordered' | 'repeat';

/** Why a delivery has failed for good. */
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
  /** Also the `webhook-id` header, which is the same for every attempt. */
  deliveryId: string;

  webhookId: string;

  /** The event's sequence, which is also the delivery's position in the webhook's queue. */
  sequence: number;

  /** The body, exactly as it is signed and sent. */
  payload: string;

  state: DeliveryState;

  lane: DeliveryLane;

  /** Set if and only if the delivery is dead. */
  deadReason: DeadReason | null;

  /** The outcome of each attempt, as a JSON array. */
  attempts: string;

  /** Failed attempts since the delivery was last queued. They determine the delay before the next one. */
  failures: number;

  /** When the next attempt is due, as an instant of the timeline. Null if it is not waiting for a retry. */
  nextAttemptAt: number | null;

  createdAt: number;
}
