import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account. Times are wall-clock milliseconds. */
@Entity('users')
export class UserEntity {
  @PrimaryColumn('text', { name: 'user_id' })
  userId!: string;

  /** Where the account comes from. */
  @Column('text')
  provider!: 'github' | 'static' | 'local';

  /** What identifies the account there: GitHub's numeric id, or the configured name. Unique together with `provider`. */
  @Column('text')
  subject!: string;

  @Column('text')
  login!: string;

  @Column('text', { name: 'avatar_url', nullable: true })
  avatarUrl!: string | null;

  @Column('integer', { name: 'created_at' })
  createdAt!: number;
}
