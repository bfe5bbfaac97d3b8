import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ApiNextCursor } from '../../http/input/cursor-fields.js';
import { ApiProof } from '../../proofs/proof-field.js';
import { EXAMPLE_USER_ID } from './examples.js';
import { LeaseLock, LockHold } from './hold.dto.js';
import { EXAMPLE_LEASE_ID as LEASE_ID } from './lease.dto.js';
import { ApiReleaseRequested, ReleaseRequested } from './release-requested.dto.js';

/** What every user can see of a held lock and of one of its leases. */
export class HeldLock extends LockHold {
  @ApiProperty({ description: 'Lock name', example: 'service/leader' })
  name!: string;

  @ApiProperty({
    description: 'The number issued with the grant. Strictly increasing across all locks, forever.',
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

  @ApiProperty({ description: 'The login of the user who holds the lock.', example: 'octocat' })
  holder!: string;

  @ApiProperty({
    description: 'The id of the user who holds the lock.',
    format: 'uuid',
    example: EXAMPLE_USER_ID,
  })
  holder_id!: string;

  @ApiProperty({
    description: 'The note from the acquire call.',
    type: 'string',
    nullable: true,
    example: 'worker-7.internal',
  })
  metadata!: string | null;
}

export class LockResponse extends HeldLock {
  @ApiProperty({
    description: '`acquired` if this call granted the lease, `held` if you already had it.',
    enum: ['acquired', 'held'],
  })
  status!: 'acquired' | 'held';

  @ApiProperty({ description: 'Proves that you hold the lock.', format: 'uuid', example: LEASE_ID })
  lease_id!: string;

  @ApiProperty({
    description:
      'Milliseconds until you should renew the lease. That is a third of the TTL after the grant or the last renewal.',
    type: 'integer',
    minimum: 0,
    example: 20_000,
  })
  renew_after_ms!: number;

  @ApiPropertyOptional({
    description: 'All locks of the lease, if it holds several.',
    type: [LeaseLock],
  })
  locks?: LeaseLock[];

  @ApiReleaseRequested()
  release_requested?: ReleaseRequested;

  @ApiProof()
  proof?: string;
}

export class ReleaseResponse {
  @ApiProperty({ enum: ['released'] })
  status!: 'released';

  @ApiProperty({ example: 'Lock released' })
  message!: string;
}

export class ListedLock extends HeldLock {
  @ApiProperty({ enum: ['held'] })
  status!: 'held';

  @ApiPropertyOptional({
    description: 'Only present if you hold the lock.',
    format: 'uuid',
    example: LEASE_ID,
  })
  lease_id?: string;
}

export class LockList {
  @ApiProperty({ description: 'One for each lease of each lock.', type: [ListedLock] })
  locks!: ListedLock[];

  @ApiProperty({ description: 'The number of entries in `locks`.', type: 'integer', example: 1 })
  total!: number;

  @ApiProperty({
    description: 'The `prefix` of the request.',
    type: 'string',
    nullable: true,
    example: 'service/',
  })
  prefix!: string | null;

  @ApiPropertyOptional({
    description:
      'Only with `delimiter`: the beginnings of the names of further locks, up to the next `/` after the prefix. Each counts as an entry of the page.',
    type: [String],
    example: ['service/billing/', 'service/search/'],
  })
  prefixes?: string[];

  @ApiNextCursor()
  next_cursor!: string | null;
}
