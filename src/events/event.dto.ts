import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { LockMode } from '../core/model/demand.js';
import { LOCK_EVENT_TYPES, type LockEventType } from '../core/model/event.js';
import { ApiLimit, ApiMode, ApiSlots } from '../locks/dto/hold.dto.js';

/** Something that happened to a lock, as webhooks and watch streams report it. */
export class LockEventBody {
  @ApiProperty({ description: 'What happened.', enum: LOCK_EVENT_TYPES, example: 'acquired' })
  event!: LockEventType;

  @ApiProperty({ description: "The lock's name.", example: 'billing/invoices/nightly' })
  lock!: string;

  @ApiProperty({
    description: 'The user who holds the lock. Null once it is released or expired.',
    type: 'string',
    format: 'uuid',
    nullable: true,
    example: '550e8400-e29b-41d4-a716-446655440000',
  })
  holder_id!: string | null;

  @ApiProperty({
    description:
      'The fencing token of the grant. Null once an exclusive lock is released or expired. Others may still hold a shared or ' +
      'counted lock, so its events always have the token.',
    type: 'integer',
    format: 'int64',
    nullable: true,
    example: 42,
  })
  fencing_token!: number | null;

  @ApiProperty({ description: 'When it happened.', format: 'date-time', example: '2026-11-20T12:00:00.000Z' })
  timestamp!: string;

  @ApiProperty({
    description:
      "The event's position in the log. It strictly increases across all locks, so you can use it to detect duplicates.",
    type: 'integer',
    format: 'int64',
    example: 1042,
  })
  sequence!: number;

  @ApiMode()
  mode!: LockMode;

  @ApiLimit()
  limit?: number;

  @ApiSlots()
  slots?: readonly number[];

  @ApiPropertyOptional({
    description:
      'All locks of the lease that you may see, if it holds several. Each has an event of its own.',
    type: [String],
    example: ['accounts/1', 'accounts/2'],
  })
  lease_locks?: readonly string[];

  @ApiPropertyOptional({
    description: 'When the lease expires. Only for `acquired` and `renewed`.',
    format: 'date-time',
    example: '2026-11-20T12:01:00.000Z',
  })
  expires_at?: string;

  @ApiPropertyOptional({
    description: 'The metadata that the holder gave the lease. Only for `acquired` and `renewed`.',
    type: 'string',
    nullable: true,
    example: 'worker-7',
  })
  metadata?: string | null;

  @ApiPropertyOptional({
    description: "The holder's login. Only in watch streams, for `acquired` and `renewed`.",
    example: 'octocat',
  })
  holder?: string;
}
