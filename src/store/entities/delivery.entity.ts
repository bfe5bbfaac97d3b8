import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

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
  state!: 'pending' | 'delivered' | 'dead';

  /** What came of each attempt, as a JSON array. */
  @Column('text')
  attempts!: string;

  @Column('integer', { name: 'next_attempt_at', nullable: true })
  nextAttemptAt!: number | null;

  @Column('integer', { name: 'created_at' })
  createdAt!: number;
}
