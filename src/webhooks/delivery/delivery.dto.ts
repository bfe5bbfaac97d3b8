import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LockEventBody } from '../../events/event.dto.js';
import { IntegerField } from '../../http/input/fields.js';
import { DEAD_REASONS, type DeadReason } from '../../journal/rows/delivery-row.js';
import { ATTEMPT_ERRORS, type AttemptError } from '../transport/attempt-outcome.js';

/** Deliveries on one page. */
export const PAGE_LIMIT = { min: 1, max: 100, default: 50 } as const;

export class ListDeliveriesQuery {
  @IntegerField(PAGE_LIMIT, { description: 'The most deliveries to return', optional: true })
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
    description: 'The HTTP status of the answer. Null if there was none.',
    type: 'integer',
    nullable: true,
    example: 503,
  })
  status!: number | null;

  @ApiProperty({
    description: 'Why the attempt failed. Null if the receiver accepted the event.',
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
    description: 'The id of the delivery. Also in the `webhook-id` header, the same on every attempt.',
    format: 'uuid',
  })
  id!: string;

  @ApiProperty({ description: 'The id of the webhook.', format: 'uuid' })
  webhook_id!: string;

  @ApiProperty({
    description:
      '`pending`: not delivered yet. `delivered`: the receiver accepted it. `dead`: it has failed for good.',
    enum: ['pending', 'delivered', 'dead'],
  })
  state!: 'pending' | 'delivered' | 'dead';

  @ApiProperty({
    description: 'Why the delivery is dead. Null unless it is.',
    type: 'string',
    enum: DEAD_REASONS,
    nullable: true,
    example: null,
  })
  dead_reason!: DeadReason | null;

  @ApiProperty({ description: 'The event that is sent.', type: LockEventBody })
  payload!: LockEventBody;

  @ApiProperty({ description: 'The most recent attempts, oldest first.', type: [AttemptBody] })
  attempts!: AttemptBody[];

  @ApiPropertyOptional({
    description: 'When the delivery is tried again. Only present between a failed attempt and the next one.',
    format: 'date-time',
  })
  next_attempt_at?: string;

  @ApiProperty({ description: 'When the delivery was queued.', format: 'date-time' })
  created_at!: string;
}

export class DeliveriesResponse {
  @ApiProperty({ description: 'Deliveries, newest event first.', type: [DeliveryResponse] })
  deliveries!: DeliveryResponse[];

  @ApiProperty({
    description: 'Pass this as `before` to get the next page. Null on the last page.',
    type: 'integer',
    format: 'int64',
    nullable: true,
    example: null,
  })
  next_before!: number | null;
}
