import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { DeliveryRow } from '../../rows/delivery-row.js';

@Entity('deliveries')
@Index('deliveries_of_webhook', ['webhookId', 'sequence'])
export class DeliveryEntity implements DeliveryRow {
  @PrimaryColumn('text', { name: 'delivery_id' })
  deliveryId!: string;

  @Column('text', { name: 'webhook_id' })
  webhookId!: string;

  @Column('integer')
  sequence!: number;

  @Column('text')
  payload!: string;

  @Column('text')
  state!: DeliveryRow['state'];

  @Column('text')
  lane!: DeliveryRow['lane'];

  @Column('text', { name: 'dead_reason', nullable: true })
  deadReason!: DeliveryRow['deadReason'];

  @Column('text')
  attempts!: string;

  @Column('integer', { name: 'failures' })
  failures!: number;

  @Column('integer', { name: 'next_attempt_at', nullable: true })
  nextAttemptAt!: number | null;

  @Column('integer', { name: 'created_at' })
  createdAt!: number;
}
