import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A bearer token, known by its hash alone. Times are wall-clock milliseconds. */
@Entity('tokens')
export class TokenEntity {
  /** SHA-256 of the token, in hex. */
  @PrimaryColumn('text', { name: 'token_hash' })
  tokenHash!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  /** A revoked token is remembered, so that a configured one stays revoked after a restart. */
  @Column('integer', { name: 'revoked_at', nullable: true })
  revokedAt!: number | null;

  @Column('integer', { name: 'created_at' })
  createdAt!: number;

  /**
   * The hash of the configured token that this one was rotated from, in one step or many. Null if there is none; `unknown` if an
   * earlier version rotated it without a record.
   */
  @Column('text', { name: 'descends_from', nullable: true })
  descendsFrom!: string | null;
}
