import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Why a webhook is suspended: an operator wants it so, or its owner has no valid token. */
export const SUSPENSIONS = ['operator', 'no_valid_token'] as const;

export type Suspension = (typeof SUSPENSIONS)[number];

/** Whether a failing event holds up the later ones, or is retried beside them. */
export const ORDERINGS = ['in_order', 'none'] as const;

export type Ordering = (typeof ORDERINGS)[number];

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

  /** Why the webhook is suspended; null while it is not. */
  @Column('text', { name: 'suspended_by', nullable: true })
  suspendedBy!: Suspension | null;

  @Column('text', { default: 'in_order' })
  ordering!: Ordering;

  /** Since when every attempt has failed, without the queue ever running empty. An instant of the time line. */
  @Column('integer', { name: 'failing_since', nullable: true })
  failingSince!: number | null;

  @Column('integer', { name: 'created_at' })
  createdAt!: number;

  /** When its owner deleted it. The row stays until the last of its deliveries has been cleared away. */
  @Column('integer', { name: 'deleted_at', nullable: true })
  deletedAt!: number | null;
}
