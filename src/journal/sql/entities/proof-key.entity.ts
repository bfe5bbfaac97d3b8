import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ProofKeyRow } from '../../rows/proof-key-row.js';

@Entity('proof_keys')
export class ProofKeyEntity implements ProofKeyRow {
  @PrimaryColumn('text', { name: 'key_id' })
  keyId!: string;

  @Column('text', { name: 'public_key' })
  publicKey!: string;

  @Column('text', { name: 'sealed_private_key', nullable: true })
  sealedPrivateKey!: string | null;

  @Column('integer', { name: 'created_at' })
  createdAt!: number;

  @Column('integer', { name: 'retired_at', nullable: true })
  retiredAt!: number | null;
}
