import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A webhook. Times are wall-clock milliseconds. */
@Entity('webhooks')
export class WebhookEntity {
  @PrimaryColumn('text', { name: 'webhook_id' })
  webhookId!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  @Column('text')
  url!: string;

  /** The signing secret, sealed with the server's key; null when the owner set none. */
  @Column('text', { name: 'sealed_secret', nullable: true })
  sealedSecret!: string | null;

  /** The event types, as a JSON array. */
  @Column('text')
  events!: string;

  @Column('text', { name: 'lock_pattern', nullable: true })
  lockPattern!: string | null;

  /** Events after this sequence concern the webhook. */
  @Column('integer', { name: 'starts_after' })
  startsAfter!: number;

  /** Why the server stopped delivering; null while the webhook is active. */
  @Column('text', { name: 'disabled_reason', nullable: true })
  disabledReason!: string | null;

  /** Since when every attempt has failed, without the queue ever running empty. An instant of the time line. */
  @Column('integer', { name: 'failing_since', nullable: true })
  failingSince!: number | null;

  @Column('integer', { name: 'created_at' })
  createdAt!: number;

  /** When its owner deleted it. The row stays until the last of its deliveries has been cleared away. */
  @Column('integer', { name: 'deleted_at', nullable: true })
  deletedAt!: number | null;
}
