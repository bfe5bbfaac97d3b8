import { ApiProperty } from '@nestjs/swagger';
import { ATTEMPT_ERRORS, type AttemptError } from '../../transport/attempt-outcome.js';

/** The outcome of sending an example event. */
export class WebhookTestResponse {
  @ApiProperty({ description: 'The `webhook-id` header that was sent.', format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'Whether the receiver answered with 2xx.' })
  delivered!: boolean;

  @ApiProperty({
    description: 'The HTTP status of the answer. Null if there was none.',
    type: 'integer',
    nullable: true,
    example: 204,
  })
  status!: number | null;

  @ApiProperty({
    description: 'Why the attempt failed. Null if the receiver accepted the event.',
    type: 'string',
    enum: ATTEMPT_ERRORS,
    nullable: true,
    example: null,
  })
  error!: AttemptError | null;

  @ApiProperty({ description: 'How long it took, in milliseconds.', type: 'integer', example: 87 })
  duration_ms!: number;
}
