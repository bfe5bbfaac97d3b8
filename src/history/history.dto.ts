import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IntegerField } from '../http/input/fields.js';
import { ADMINISTRATOR } from '../locks/administrator.js';
import { EXAMPLE_USER_ID } from '../locks/dto/examples.js';
import { LEASES_PER_LOCK_MAX } from './holdings.js';
import { LockHold } from '../locks/dto/hold.dto.js';

export const HISTORY_LEASES = { min: 1, max: LEASES_PER_LOCK_MAX, default: 20 } as const;

export class LockHistoryQuery {
  @IntegerField(HISTORY_LEASES, { description: 'The maximum number of leases.', optional: true })
  limit?: number;
}

const HOW_HELD = ['held', 'released', 'expired', 'session_expired', 'broken'] as const;
export type HowHeld = (typeof HOW_HELD)[number];

const time = (description: string): PropertyDecorator =>
  ApiProperty({
    description,
    type: String,
    format: 'date-time',
    nullable: true,
    example: '2026-01-01T12:00:00.000Z',
  });

/** A request to release the lock. */
export class PastReleaseRequest {
  @ApiProperty({ description: 'The login of the user who asked.', example: 'hubot' })
  by!: string;

  @ApiProperty({
    description: 'What that user said.',
    type: String,
    nullable: true,
    example: 'The report needs it.',
  })
  message!: string | null;

  @ApiProperty({ description: 'When.', format: 'date-time', example: '2026-01-01T12:00:30.000Z' })
  at!: string;
}

/** A lease that holds or held the lock. */
export class PastLease extends LockHold {
  @ApiProperty({ description: 'Its fencing token.', type: 'integer', format: 'int64', example: 42 })
  fencing_token!: number;

  @ApiProperty({ description: 'The login of the user who had the lease.', example: 'octocat' })
  holder!: string;

  @ApiProperty({ description: 'The id of that user.', format: 'uuid', example: EXAMPLE_USER_ID })
  holder_id!: string;

  @ApiProperty({ description: 'The note of the lease.', type: String, nullable: true, example: 'worker-7' })
  metadata!: string | null;

  @ApiProperty({
    description:
      'How it ended. `held` if it goes on. `session_expired` if its session received no keepalive in time.',
    enum: HOW_HELD,
    enumName: 'HowHeld',
    example: 'expired',
  })
  how!: HowHeld;

  @time('When it was granted. Null if that is no longer known.')
  acquired_at!: string | null;

  @time('When it ended. Null if it goes on.')
  ended_at!: string | null;

  @time('When it was last renewed. Null if it was not.')
  last_renewed_at!: string | null;

  @ApiProperty({
    description: 'How often it was renewed.',
    type: 'integer',
    minimum: 0,
    example: 17,
  })
  renewals!: number;

  @ApiProperty({
    description:
      'The least time that was left when it was renewed, in milliseconds. If it is small, the holder nearly lost the lock. Null if it was not renewed.',
    type: 'integer',
    nullable: true,
    example: 38_900,
  })
  least_margin_ms!: number | null;

  @ApiPropertyOptional({
    description: 'Why it was broken. Only if it was.',
    example: 'worker-7 is being replaced',
  })
  reason?: string;

  @ApiPropertyOptional({
    description: `The login of the user who broke it, or \`${ADMINISTRATOR}\` for the admin key. Only if it was broken.`,
    example: 'ada',
  })
  broken_by?: string;

  @ApiProperty({ description: 'Who asked for the lock meanwhile, in order.', type: [PastReleaseRequest] })
  release_requests!: PastReleaseRequest[];

  @ApiProperty({
    description: 'The same in a sentence or two.',
    example: 'octocat held it for 3 min 20 s, and let it expire. The last renewal was 1 min before that.',
  })
  summary!: string;
}

export class LockHistory {
  @ApiProperty({ description: 'Lock name', example: 'service/leader' })
  name!: string;

  @ApiProperty({ description: 'The leases that held the lock, the latest grant first.', type: [PastLease] })
  leases!: PastLease[];
}
