import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EXAMPLE_USER_ID } from './examples.js';
import { ApiSlots } from './hold.dto.js';
import { EXAMPLE_LEASE_ID } from './lease.dto.js';
import { HeldLock } from './lock-responses.dto.js';

/** One of the leases that hold a lock. */
export class LockHolder {
  @ApiProperty({
    description: 'The number issued with the grant.',
    type: 'integer',
    format: 'int64',
    example: 42,
  })
  fencing_token!: number;

  @ApiProperty({ description: 'The login of the user who has the lease.', example: 'octocat' })
  holder!: string;

  @ApiProperty({
    description: 'The id of the user who has the lease.',
    format: 'uuid',
    example: EXAMPLE_USER_ID,
  })
  holder_id!: string;

  @ApiProperty({
    description: 'When the lease ends, unless its holder renews it.',
    format: 'date-time',
    example: '2026-01-01T12:00:00.000Z',
  })
  expires_at!: string;

  @ApiProperty({
    description: 'The note from the acquire call.',
    type: 'string',
    nullable: true,
    example: 'worker-7.internal',
  })
  metadata!: string | null;

  @ApiSlots()
  slots?: readonly number[];

  @ApiPropertyOptional({
    description: 'Only present if the lease is yours.',
    format: 'uuid',
    example: EXAMPLE_LEASE_ID,
  })
  lease_id?: string;
}

/** Who holds a lock, if there can be several. */
export class LockHolders extends HeldLock {
  @ApiProperty({ description: 'How many leases hold the lock.', type: 'integer', minimum: 1, example: 1 })
  holder_count!: number;

  @ApiPropertyOptional({
    description: 'How many permits its leases have together. Only if the lock is counted.',
    type: 'integer',
    minimum: 1,
    example: 3,
  })
  permits_in_use?: number;

  @ApiProperty({
    description: 'The first 100 leases that hold the lock, in the order they were granted.',
    type: [LockHolder],
  })
  holders!: LockHolder[];
}

/**
 * A held lock, as `GET /locks/{name}` shows it. If several leases hold it, the fields of a lease are those of the one that was
 * granted first.
 */
export class LockHeld extends LockHolders {
  @ApiProperty({ enum: ['held'] })
  status!: 'held';

  @ApiProperty({
    description: 'Proves that you hold the lock. Null if the lease is not yours.',
    type: 'string',
    format: 'uuid',
    nullable: true,
    example: EXAMPLE_LEASE_ID,
  })
  lease_id!: string | null;

  @ApiProperty({
    description: 'The number of requests that are waiting for the lock.',
    type: 'integer',
    example: 0,
  })
  waiters!: number;
}

/** A lock that no lease holds. */
class LockWithoutHolder {
  @ApiProperty({ description: 'Lock name', example: 'service/leader' })
  name!: string;

  @ApiProperty({ example: 'Lock not currently held' })
  message!: string;

  @ApiProperty({
    description: 'The highest fencing token issued so far for any lock. 0 if none has been issued.',
    type: 'integer',
    format: 'int64',
    example: 41,
  })
  fencing_token!: number;

  @ApiProperty({
    description: 'The number of requests that are waiting for the lock.',
    type: 'integer',
    example: 0,
  })
  waiters!: number;
}

export class LockNotHeld extends LockWithoutHolder {
  @ApiProperty({ enum: ['available'] })
  status!: 'available';
}

/** A lock that no lease holds, but that no one can have yet. */
export class LockDelayed extends LockWithoutHolder {
  @ApiProperty({ enum: ['delayed'] })
  status!: 'delayed';

  @ApiProperty({
    description: 'Until then no one gets the lock. See `lock_delay_seconds` and `min_hold_seconds`.',
    format: 'date-time',
    example: '2026-01-01T12:00:00.000Z',
  })
  available_at!: string;
}

/** What `GET /locks/{name}` shows. */
export type LockStatus = LockHeld | LockNotHeld | LockDelayed;
