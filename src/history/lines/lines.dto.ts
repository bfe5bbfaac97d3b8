import { ApiProperty } from '@nestjs/swagger';
import { LOCK_NAME_LENGTH_MAX } from '../../core/model/limits.js';
import { IntegerField, TextField } from '../../http/input/fields.js';

export const LINES = { min: 1, max: 100, default: 20 } as const;

export class ListQueuesQuery {
  @TextField(
    { maxBytes: LOCK_NAME_LENGTH_MAX },
    { description: 'Only locks whose names begin with this text.', example: 'service/', optional: true },
  )
  prefix?: string;

  @IntegerField(LINES, { description: 'The maximum number of lines.', optional: true })
  limit?: number;
}

/** A lock that requests wait for. */
export class QueueSummary {
  @ApiProperty({ description: 'Lock name', example: 'deploy/prod' })
  name!: string;

  @ApiProperty({ description: 'How many requests are waiting.', type: 'integer', minimum: 1, example: 3 })
  waiters!: number;

  @ApiProperty({
    description: 'When the request that has waited longest joined the line.',
    format: 'date-time',
    example: '2026-01-01T12:00:00.000Z',
  })
  waiting_since!: string;

  @ApiProperty({
    description: 'Who holds the lock, and for how long, in words, and how many requests are waiting.',
    example: 'ada has held it for 12 min. 3 requests are waiting.',
  })
  summary!: string;
}

export class QueueList {
  @ApiProperty({
    description: 'The longest lines first. Of those that are equally long, the one that began first.',
    type: [QueueSummary],
  })
  queues!: QueueSummary[];

  @ApiProperty({
    description: 'How many locks there are that requests wait for, and that you may see.',
    type: 'integer',
    minimum: 0,
    example: 1,
  })
  total!: number;
}
