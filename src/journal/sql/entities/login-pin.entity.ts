import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LoginPinRow } from '../../rows/login-pin-row.js';

@Entity('login_pins')
export class LoginPinEntity implements LoginPinRow {
  @PrimaryColumn('text')
  login!: string;

  @Column('text')
  subject!: string;

  @Column('integer', { name: 'created_at' })
  createdAt!: number;
}
