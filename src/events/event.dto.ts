import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { LockMode } from '../core/model/demand.js';
import {
  LOCK_EVENT_TYPES,
  LOCK_WARNINGS,
  type LockEventType,
  type LockWarning,
} from '../core/model/event.js';
import { ADMINISTRATOR } from '../locks/administrator.js';
import { ApiLimit, ApiMode, ApiSlots } from '../locks/dto/hold.dto.js';

/** Something that happened to a lock, as webhooks and watch streams report it. */
export class LockEventBody {
  @ApiProperty({ description: 'What happened.', enum: LOCK_EVENT_TYPES, example: 'acquired' })
  event!: LockEventType;

  @ApiProperty({ description: "The lock's name.", example: 'billing/invoices/nightly' })
  lock!: string;

  @ApiProperty({
    description: 'The user who holds the lock. Null once the lease has ended.',
    type: 'string',
    format: 'uuid',
    nullable: true,
    example: '550e8400-e29b-41d4-a716-446655440000',
  })
  holder_id!: string | null;

  @ApiProperty({
    description:
      'The fencing token of the grant. Null once an exclusive lock is released or expired. Others may still hold a shared or ' +
      'counted lock, so its events always have the token. So does `broken`.',
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
    description:
      'When the lease expires. Only while the lease goes on: for `acquired`, `renewed` and `release_requested`.',
    format: 'date-time',
    example: '2026-11-20T12:01:00.000Z',
  })
  expires_at?: string;

  @ApiPropertyOptional({
    description: 'The metadata that the holder gave the lease. Only while the lease goes on.',
    type: 'string',
    nullable: true,
    example: 'worker-7',
  })
  metadata?: string | null;

  @ApiPropertyOptional({
    description: "The holder's login. Only in watch streams, while the lease goes on, and for `warning`.",
    example: 'octocat',
  })
  holder?: string;

  @ApiPropertyOptional({
    description:
      'Only for the `expired` of a lease that an operator has broken. You get that event as `broken` if you name this type.',
    enum: ['broken'],
    example: 'broken',
  })
  cause?: 'broken';

  @ApiPropertyOptional({
    description: 'Why the lease was broken. Only for `broken`.',
    example: 'worker-7 is being replaced',
  })
  reason?: string;

  @ApiPropertyOptional({
    description: `The login of the user who broke the lease, or \`${ADMINISTRATOR}\` for the admin key. Only for \`broken\`.`,
    example: 'ada',
  })
  broken_by?: string;

  @ApiPropertyOptional({
    description: 'The login of the user who asks for the lock. Only for `release_requested`.',
    example: 'hubot',
  })
  requested_by?: string;

  @ApiPropertyOptional({
    description: 'What that user says. Null if nothing. Only for `release_requested`.',
    type: 'string',
    nullable: true,
    example: 'The nightly report needs the table.',
  })
  message?: string | null;

  @ApiPropertyOptional({
    description:
      'What may need attention. Only for `warning`. `renews_late`: the holder renewed when less than a fifth of the TTL was left. ' +
      '`changes_hands_often`: the lock began to be granted five times as often as is usual.',
    enum: LOCK_WARNINGS,
    enumName: 'LockWarning',
    example: 'renews_late',
  })
  warning?: LockWarning['kind'];

  @ApiPropertyOptional({
    description: 'The warning as a sentence. Only for `warning`.',
    example: 'ada last renewed it with only 2 s of 30 s left.',
  })
  summary?: string;

  @ApiPropertyOptional({
    description: 'How much of the TTL was left at the renewal, in milliseconds. Only for `renews_late`.',
    type: 'integer',
    example: 2_000,
  })
  margin_ms?: number;

  @ApiPropertyOptional({
    description: 'The TTL at that time, in milliseconds. Only for `renews_late`.',
    type: 'integer',
    example: 30_000,
  })
  ttl_ms?: number;

  @ApiPropertyOptional({
    description: 'The average time between grants lately, in milliseconds. Only for `changes_hands_often`.',
    type: 'integer',
    example: 1_000,
  })
  interval_ms?: number;

  @ApiPropertyOptional({
    description: 'The same over a longer time. Only for `changes_hands_often`.',
    type: 'integer',
    example: 60_000,
  })
  usual_interval_ms?: number;
}
