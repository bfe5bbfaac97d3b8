import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ERROR_CODES, ERRORS, type ErrorCode } from '../../errors/error-table.js';
import { ErrorBody } from '../../http/answer/error-body.dto.js';
import { OnlyErrorCode } from '../../http/answer/only-error-code.decorator.js';
import { EXAMPLE_USER_ID } from './examples.js';

/** The codes of a conflict over a lock. */
export const LOCK_CONFLICTS = [
  'lock_held',
  'lock_queued',
  'lock_delayed',
  'limit_mismatch',
] as const satisfies readonly ErrorCode[];

const END =
  'When the lease ends, unless its holder renews it. If no one holds the lock: how long it is kept for others at least, or until ' +
  'when no one gets it.';

class ConflictingLock {
  @ApiProperty({ description: 'Lock name', example: 'service/leader' })
  name!: string;

  @ApiProperty({
    description: 'The login of the user who holds the lock. Null if no one holds it.',
    type: 'string',
    nullable: true,
    example: 'octocat',
  })
  holder!: string | null;

  @ApiProperty({ description: END, format: 'date-time', example: '2026-01-01T12:00:00.000Z' })
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

  @ApiProperty({
    description:
      '`held` if a lease is in your way, `queued` if the lock is kept for requests that arrived earlier, `delayed` if no one ' +
      'gets it yet.',
    enum: ['held', 'queued', 'delayed'],
    example: 'held',
  })
  status!: 'held' | 'queued' | 'delayed';

  @ApiProperty({
    description: 'The id of the user who holds the lock. Null if no one holds it.',
    type: 'string',
    format: 'uuid',
    nullable: true,
    example: EXAMPLE_USER_ID,
  })
  holder_id!: string | null;

  @ApiProperty({ description: END, format: 'date-time', example: '2026-01-01T12:00:00.000Z' })
  expires_at!: string;

  @ApiProperty({
    description: 'The note of the holder. Null if there is none, or if no one holds the lock.',
    type: 'string',
    nullable: true,
    example: 'worker-7.internal',
  })
  metadata!: string | null;

  @ApiProperty({
    description:
      'Milliseconds until the lock may become available if its holder, or the first request in line, does nothing, or until its delay ends.',
    type: 'integer',
    example: 12_000,
  })
  retry_after_ms!: number;

  @ApiPropertyOptional({
    description: 'The limit that the lock has now. Only for `limit_mismatch`.',
    type: 'integer',
    example: 4,
  })
  limit?: number;

  @ApiPropertyOptional({
    description: 'Your place in line when your wait ended. 1 is the head. Only after a wait.',
    type: 'integer',
    minimum: 1,
    example: 2,
  })
  position?: number;

  @ApiPropertyOptional({
    description: 'How many requests are still waiting for the lock. Only after a wait.',
    type: 'integer',
    minimum: 0,
    example: 3,
  })
  waiters?: number;
}

/** You already use the lease id for something else. */
export class LeaseMismatch extends ErrorBody {
  @ApiProperty({ description: 'What happened, and what to do.', example: ERRORS.lease_mismatch.message })
  declare error: string;

  @OnlyErrorCode('lease_mismatch')
  declare code: 'lease_mismatch';
}
