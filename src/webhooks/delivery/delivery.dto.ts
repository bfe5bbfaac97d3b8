import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LockEventBody } from '../../events/event.dto.js';
import { IntegerField } from '../../http/input/fields.js';
import { DEAD_REASONS, type DeadReason } from '../../journal/rows/delivery-row.js';
import { ATTEMPT_ERRORS, type AttemptError } from '../transport/attempt-outcome.js';

/** Deliveries on one page. */
export const PAGE_LIMIT = { min: 1, max: 100, default: 50 } as const;

export class ListDeliveriesQuery {
  @IntegerField(PAGE_LIMIT, { description: 'Deliveries to return at most', optional: true })
  limit?: number;

  @IntegerField(
    { min: 1, max: Number.MAX_SAFE_INTEGER },
    {
      description: 'Only deliveries of events before this sequence: `next_before` of the previous page',
      optional: true,
    },
  )
  before?: number;
}

export class AttemptBody {
  @ApiProperty({ description: 'When the attempt was made.', format: 'date-time' })
  at!: string;

  @ApiProperty({
    description: 'The HTTP status of the answer; null if there was none.',
    type: 'integer',
    nullable: true,
    example: 503,
  })
  status!: number | null;

  @ApiProperty({
    description: 'Why the attempt failed; null if the receiver has taken the message.',
    type: 'string',
    enum: ATTEMPT_ERRORS,
    nullable: true,
    example: 'status',
  })
  error!: AttemptError | null;

  @ApiProperty({ description: 'How long it took, in milliseconds.', type: 'integer', example: 87 })
  duration_ms!: number;
}

export class DeliveryResponse {
  @ApiProperty({
    description: 'Delivery identifier; also the `webhook-id` header, the same on every attempt.',
    format: 'uuid',
  })
  id!: string;

  @ApiProperty({ description: 'The webhook that it is for.', format: 'uuid' })
  webhook_id!: string;

  @ApiProperty({
    description: 'Whether it still waits to be made, was made, or was given up.',
    enum: ['pending', 'delivered', 'dead'],
  })
  state!: 'pending' | 'delivered' | 'dead';

  @ApiProperty({
    description: 'Why it was given up; null unless it is dead.',
    type: 'string',
    enum: DEAD_REASONS,
    nullable: true,
    example: null,
  })
  dead_reason!: DeadReason | null;

  @ApiProperty({ description: 'What is sent.', type: LockEventBody })
  payload!: LockEventBody;

  @ApiProperty({ description: 'The most recent attempts, oldest first.', type: [AttemptBody] })
  attempts!: AttemptBody[];

  @ApiPropertyOptional({
    description: 'When it is tried again; only after an attempt has failed and another one follows.',
    format: 'date-time',
  })
  next_attempt_at?: string;

  @ApiProperty({ description: 'When it was queued.', format: 'date-time' })
  created_at!: string;
}

export class DeliveriesResponse {
  @ApiProperty({ description: 'Deliveries, newest event first.', type: [DeliveryResponse] })
  deliveries!: DeliveryResponse[];

  @ApiProperty({
    description: 'Give this as `before` for the next page; null on the last one.',
    type: 'integer',
    format: 'int64',
    nullable: true,
    example: null,
  })
  next_before!: number | null;
}
