import { ApiProperty } from '@nestjs/swagger';
import { LAST_NUMBER, REASON_BYTES_MAX } from '../../core/model/limits.js';
import { IntegerField, TextField } from '../../http/input/fields.js';

export class BreakLockRequest {
  @TextField(
    { minLength: 1, maxBytes: REASON_BYTES_MAX },
    {
      description:
        'Why you break the lock. The holders and everyone who follows the event `broken` can read it.',
      example: 'worker-7 is being replaced',
    },
  )
  reason!: string;

  @IntegerField(
    { min: 1, max: LAST_NUMBER },
    {
      description:
        'The fencing token of the lease to break. If left out, all leases are broken that hold the lock when the request arrives.',
      example: 42,
      optional: true,
    },
  )
  fencing_token?: number | null;
}

export class LockBroken {
  @ApiProperty({ enum: ['broken'] })
  status!: 'broken';

  @ApiProperty({ description: 'Lock name', example: 'service/leader' })
  name!: string;

  @ApiProperty({ description: 'How many leases were broken.', type: 'integer', minimum: 0, example: 1 })
  lease_count!: number;

  @ApiProperty({
    description: 'The fencing tokens of the first 100 of them, in the order they were granted.',
    type: 'array',
    items: { type: 'integer', format: 'int64' },
    example: [42],
  })
  fencing_tokens!: number[];

  @ApiProperty({
    description:
      'Whether the lock was `delayed` and no longer is. A break does this only if there is no lease to break.',
    example: false,
  })
  ended_delay!: boolean;
}

/** Examples that work as they are, while someone holds the lock. */
export const BREAK_EXAMPLES = {
  all: { summary: 'Break all leases of the lock', value: { reason: 'worker-7 is being replaced' } },
  one: {
    summary: 'Break one lease',
    value: { reason: 'worker-7 is being replaced', fencing_token: 42 },
  },
};
