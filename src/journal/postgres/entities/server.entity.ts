import { Column, Entity } from 'typeorm';
import { ServerEntity } from '../../sql/entities/server.entity.js';

/** The server row, with what it needs besides in a database that several processes connect to. */
@Entity('server')
export class PostgresServerEntity extends ServerEntity {
  @Column('uuid', { nullable: true })
  reign!: string | null;

  @Column('integer', { name: 'commit_no' })
  commitNo!: number;

  @Column('text', { name: 'leader_url', nullable: true })
  leaderUrl!: string | null;

  /** Which database the last term has gone on in. Null if the server did not tell. */
  @Column('text', { name: 'system_id', nullable: true })
  systemId!: string | null;

  @Column('integer', { nullable: true })
  timeline!: number | null;

  @Column('timestamptz', { name: 'postmaster_started_at', nullable: true })
  postmasterStartedAt!: Date | null;

  /** Whether the last commit waited for a standby. */
  @Column('boolean', { default: false })
  synchronous!: boolean;

  /** When the last commit was made, by the clock of the database. */
  @Column('timestamptz', { name: 'db_clock', nullable: true })
  dbClock!: Date | null;

  /** When the last commit of the term before was made, by the clock of the database. */
  @Column('timestamptz', { name: 'continues_from', nullable: true })
  continuesFrom!: Date | null;

  @Column('text', { nullable: true })
  override graces: string | null = null;

  /** See `FORMAT`. */
  @Column('integer', { default: 1 })
  format!: number;

  /** Recognizes the secret key that all servers share. */
  @Column('text', { name: 'secret_check', nullable: true })
  secretCheck!: string | null;
}
