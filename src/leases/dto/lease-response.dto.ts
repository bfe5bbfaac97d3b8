import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EXAMPLE_USER_ID } from '../../locks/dto/examples.js';
import { LeaseLock } from '../../locks/dto/hold.dto.js';
import { EXAMPLE_LEASE_ID } from '../../locks/dto/lease.dto.js';
import { ApiReleaseRequested, ReleaseRequested } from '../../locks/dto/release-requested.dto.js';
import { ApiProof } from '../../proofs/proof-field.js';

/** A lease of yours, with all locks that it holds. */
export class LeaseResponse {
  @ApiProperty({
    description: '`acquired` if this call granted the lease, `held` if you already had it.',
    enum: ['acquired', 'held'],
  })
  status!: 'acquired' | 'held';

  @ApiProperty({ description: 'Proves that the lease is yours.', format: 'uuid', example: EXAMPLE_LEASE_ID })
  lease_id!: string;

  @ApiProperty({
    description:
      'The number issued with the grant, the same for all its locks. Strictly increasing across all locks, forever.',
    type: 'integer',
    format: 'int64',
    example: 42,
  })
  fencing_token!: number;

  @ApiProperty({
    description: 'When the lease ends, unless you renew it.',
    format: 'date-time',
    example: '2026-01-01T12:00:00.000Z',
  })
  expires_at!: string;

  @ApiProperty({
    description:
      'Milliseconds until you should renew the lease. That is a third of the TTL after the grant or the last renewal.',
    type: 'integer',
    minimum: 0,
    example: 20_000,
  })
  renew_after_ms!: number;

  @ApiProperty({ description: 'Your login.', example: 'octocat' })
  holder!: string;

  @ApiProperty({ description: 'Your user id.', format: 'uuid', example: EXAMPLE_USER_ID })
  holder_id!: string;

  @ApiProperty({
    description: 'The note from the acquire call.',
    type: 'string',
    nullable: true,
    example: 'worker-7.internal',
  })
  metadata!: string | null;

  @ApiPropertyOptional({
    description: 'The session that the lease is tied to, if there is one.',
    format: 'uuid',
    example: '2c1b5a0e-7d44-4f0e-9a39-0d6a1b6f2c33',
  })
  session_id?: string;

  @ApiProperty({ description: 'The locks, in the order in which you asked for them.', type: [LeaseLock] })
  locks!: LeaseLock[];

  @ApiReleaseRequested()
  release_requested?: ReleaseRequested;

  @ApiProof()
  proof?: string;
}
