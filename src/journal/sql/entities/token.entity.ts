import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TokenRow } from '../../rows/token-row.js';

@Entity('tokens')
export class TokenEntity implements TokenRow {
  @PrimaryColumn('text', { name: 'token_hash' })
  tokenHash!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  @Column('integer', { name: 'revoked_at', nullable: true })
  revokedAt!: number | null;

  @Column('integer', { name: 'created_at' })
  createdAt!: number;

  @Column('text', { name: 'descends_from', nullable: true })
  descendsFrom!: string | null;

  @Column('text', { name: 'token_id', nullable: true })
  tokenId!: string | null;

  @Column('text', { nullable: true })
  label!: string | null;

  @Column('integer', { name: 'expires_at', nullable: true })
  expiresAt!: number | null;

  @Column('integer', { name: 'last_used_at', nullable: true })
  lastUsedAt!: number | null;

  @Column('text', { nullable: true })
  scopes!: string | null;

  @Column('integer', { nullable: true })
  exchanged!: number | null;
  @Column('text', { nullable: true })
  kind!: 'browser' | null;

  @Column('text', { name: 'user_agent', nullable: true })
  userAgent!: string | null;

  @Column('text', { nullable: true })
  address!: string | null;

  @Column('text', { name: 'opened_with', nullable: true })
  openedWith!: string | null;
}
