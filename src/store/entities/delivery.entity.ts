import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

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
@Entity('deliveries')
@Index('deliveries_of_webhook', ['webhookId', 'sequence'])
export class DeliveryEntity {
  /** Also the `webhook-id` header, the same on every attempt. */
  @PrimaryColumn('text', { name: 'delivery_id' })
  deliveryId!: string;

  @Column('text', { name: 'webhook_id' })
  webhookId!: string;

  /** The event's place in the log, and so the delivery's place in the webhook's queue. */
  @Column('integer')
  sequence!: number;

  /** The body, byte for byte as it is signed and sent. */
  @Column('text')
  payload!: string;

  @Column('text')
  state!: DeliveryState;

  @Column('text')
  lane!: DeliveryLane;

  /** Set if and only if the delivery is dead. */
  @Column('text', { name: 'dead_reason', nullable: true })
  deadReason!: DeadReason | null;

  /** What came of each attempt, as a JSON array. */
  @Column('text')
  attempts!: string;

  /** Failed attempts since the delivery was last queued: its place in the schedule of retries. */
  @Column('integer', { name: 'failures' })
  failures!: number;

  /** When a failed attempt is repeated, an instant of the time line; null if nothing needs to be waited for. */
  @Column('integer', { name: 'next_attempt_at', nullable: true })
  nextAttemptAt!: number | null;

  @Column('integer', { name: 'created_at' })
  createdAt!: number;
}
