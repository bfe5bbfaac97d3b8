import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { LockMode } from '../../core/model/demand.js';
import { PERMITS } from '../../core/model/limits.js';
import { EXAMPLE_USER_ID } from '../dto/examples.js';
import { ApiMode } from '../dto/hold.dto.js';
import { EXAMPLE_LEASE_ID } from '../dto/lease.dto.js';

/** One place in the line of a lock. */
export class QueuePlace {
  @ApiProperty({
    description:
      'Where in the line of the requests that are asking. 1 is the head. A place that is only kept has the position that it would have.',
    type: 'integer',
    minimum: 1,
    example: 1,
  })
  position!: number;

  @ApiProperty({ description: 'The login of the waiting user.', example: 'octocat' })
  holder!: string;

  @ApiProperty({ description: 'The id of the waiting user.', format: 'uuid', example: EXAMPLE_USER_ID })
  holder_id!: string;

  @ApiProperty({
    description: 'When the request joined the line.',
    format: 'date-time',
    example: '2026-01-01T12:00:00.000Z',
  })
  since!: string;

  @ApiMode()
  mode!: LockMode;

  @ApiPropertyOptional({
    description: 'The limit that the request gives. Only if it is counted.',
    type: 'integer',
    minimum: PERMITS.min,
    maximum: PERMITS.max,
    example: 4,
  })
  limit?: number;

  @ApiPropertyOptional({
    description: 'How many permits the request wants. Only if it is counted.',
    type: 'integer',
    minimum: PERMITS.min,
    maximum: PERMITS.max,
    example: 1,
  })
  permits?: number;

  @ApiProperty({
    description:
      'Whether a client is waiting for the answer now. Otherwise the place is kept for a few seconds, and passed over.',
    example: true,
  })
  asking!: boolean;

  @ApiProperty({
    description: 'The lease id of the request. Null if the place is not yours.',
    type: 'string',
    format: 'uuid',
    nullable: true,
    example: EXAMPLE_LEASE_ID,
  })
  lease_id!: string | null;
}

export class Queue {
  @ApiProperty({ description: 'Lock name', example: 'service/leader' })
  name!: string;

  @ApiProperty({
    description: 'How many requests are waiting for the lock now.',
    type: 'integer',
    minimum: 0,
    example: 1,
  })
  waiters!: number;

  @ApiProperty({
    description: 'How many places the line has, including those that are only kept.',
    type: 'integer',
    minimum: 0,
    example: 1,
  })
  total!: number;

  @ApiProperty({ description: 'The first 100 places, in order of arrival.', type: [QueuePlace] })
  queue!: QueuePlace[];
}

export class LeftQueue {
  @ApiProperty({ enum: ['left'] })
  status!: 'left';

  @ApiProperty({ example: 'You left the line' })
  message!: string;
}
