import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ServiceAccountRow } from '../../rows/service-account-row.js';

@Entity('service_accounts')
export class ServiceAccountEntity implements ServiceAccountRow {
  @PrimaryColumn('text', { name: 'user_id' })
  userId!: string;

  @Column('text')
  owners!: string;
}
