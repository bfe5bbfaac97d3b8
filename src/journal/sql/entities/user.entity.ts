import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { UserRow } from '../../rows/user-row.js';

@Entity('users')
export class UserEntity implements UserRow {
  @PrimaryColumn('text', { name: 'user_id' })
  userId!: string;

  @Column('text')
  provider!: UserRow['provider'];

  @Column('text')
  subject!: string;

  @Column('text')
  login!: string;

  @Column('text', { name: 'avatar_url', nullable: true })
  avatarUrl!: string | null;

  @Column('integer', { name: 'created_at' })
  createdAt!: number;
}
