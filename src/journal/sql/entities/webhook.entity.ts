import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { WebhookRow } from '../../rows/webhook-row.js';

@Entity('webhooks')
export class WebhookEntity implements WebhookRow {
  @PrimaryColumn('text', { name: 'webhook_id' })
  webhookId!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  @Column('text')
  url!: string;

  @Column('text', { name: 'sealed_secret', nullable: true })
  sealedSecret!: string | null;

  @Column('text')
  events!: string;

  @Column('text', { name: 'lock_pattern', nullable: true })
  lockPattern!: string | null;

  @Column('integer', { name: 'starts_after' })
  startsAfter!: number;

  @Column('text', { name: 'disabled_reason', nullable: true })
  disabledReason!: string | null;

  @Column('text', { name: 'suspended_by', nullable: true })
  suspendedBy!: WebhookRow['suspendedBy'];

  @Column('text', { default: 'in_order' })
  ordering!: WebhookRow['ordering'];

  @Column('integer', { name: 'failing_since', nullable: true })
  failingSince!: number | null;

  @Column('integer', { name: 'created_at' })
  createdAt!: number;

  @Column('integer', { name: 'deleted_at', nullable: true })
  deletedAt!: number | null;

  @Column('text', { name: 'made_with', nullable: true })
  madeWith!: string | null;
}
