import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ERROR_CODES, ERRORS, type ErrorCode } from '../../errors/error-table.js';
import { EXAMPLE_LEASE_ID as LEASE_ID } from './lease.dto.js';
import { ErrorBody } from '../../http/answer/error-body.dto.js';

const USER_ID = '9f8b6a52-61b7-4f3a-9c0e-1f2d3c4b5a69';

/** What every user can see of a held lock. */
export class HeldLock {
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

  @ApiProperty({ description: 'The id of the user who holds the lock.', format: 'uuid', example: USER_ID })
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
}

/** A held lock, as `GET /locks/{name}` shows it. */
export class LockHeld extends HeldLock {
  @ApiProperty({ enum: ['held'] })
  status!: 'held';

  @ApiProperty({
    description: 'Proves that you hold the lock. Null if you do not.',
    type: 'string',
    format: 'uuid',
    nullable: true,
    example: LEASE_ID,
  })
  lease_id!: string | null;

  @ApiProperty({
    description: 'The number of requests that are waiting for the lock.',
    type: 'integer',
    example: 0,
  })
  waiters!: number;
}

export class LockNotHeld {
  @ApiProperty({ enum: ['available'] })
  status!: 'available';

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

class ConflictingLock {
  @ApiProperty({ description: 'Lock name', example: 'service/leader' })
  name!: string;

  @ApiProperty({ description: 'The login of the user who holds the lock.', example: 'octocat' })
  holder!: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-01T12:00:00.000Z' })
  expires_at!: string;
}

export class LockConflict extends ErrorBody {
  @ApiProperty({ description: 'What went wrong, in a sentence.', example: ERRORS.lock_held.message })
  declare error: string;

  @ApiProperty({
    description: 'A stable code for programs.',
    enum: ERROR_CODES,
    enumName: 'ErrorCode',
    example: 'lock_held',
  })
  declare code: ErrorCode;

  @ApiProperty()
  lock!: ConflictingLock;

  @ApiProperty({ enum: ['held'] })
  status!: 'held';

  @ApiProperty({ description: 'The id of the user who holds the lock.', format: 'uuid', example: USER_ID })
  holder_id!: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-01T12:00:00.000Z' })
  expires_at!: string;

  @ApiProperty({ type: 'string', nullable: true, example: 'worker-7.internal' })
  metadata!: string | null;

  @ApiProperty({
    description: 'Milliseconds until the lock becomes free if its holder does nothing.',
    type: 'integer',
    example: 12_000,
  })
  retry_after_ms!: number;
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
  @ApiProperty({ type: [ListedLock] })
  locks!: ListedLock[];

  @ApiProperty({ description: 'The number of locks on this page.', type: 'integer', example: 1 })
  total!: number;

  @ApiProperty({
    description: 'The `prefix` of the request.',
    type: 'string',
    nullable: true,
    example: 'service/',
  })
  prefix!: string | null;

  @ApiProperty({
    description: 'Send this as `cursor` to get the next page. Null on the last page.',
    type: 'string',
    nullable: true,
    example: null,
  })
  next_cursor!: string | null;
}
