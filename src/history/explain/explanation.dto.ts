import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LOCK_WARNINGS, type LockWarning } from '../../core/model/event.js';
import { EXAMPLE_USER_ID } from '../../locks/dto/examples.js';
import { LockHold } from '../../locks/dto/hold.dto.js';
import { PastLease } from '../history.dto.js';
import { LEASES_PER_LOCK_MAX } from '../holdings.js';
import { WAITS_PER_LOCK_MAX } from '../waits.js';

const REASONS = ['kept', 'delayed', 'held', 'behind', 'other_lock'] as const;
const STATUSES = ['available', 'held', 'delayed'] as const;

/** How long something usually takes. */
export class TypicalDuration {
  @ApiProperty({ description: 'How many times it was measured.', type: 'integer', minimum: 1, example: 100 })
  count!: number;

  @ApiProperty({ description: 'The median, in milliseconds.', type: 'integer', example: 12_000 })
  median_ms!: number;

  @ApiProperty({
    description: 'What 95 of 100 do not exceed, in milliseconds.',
    type: 'integer',
    example: 90_000,
  })
  p95_ms!: number;
}

/** What may need attention. */
export class PresentWarning {
  @ApiProperty({
    description:
      '`renews_late`: a holder last renewed when less than a fifth of the TTL was left, so it may lose the lock if the next renewal is a little later. ' +
      '`changes_hands_often`: the lock has lately been granted five times as often as is usual, as happens when holders fail and are replaced.',
    enum: LOCK_WARNINGS,
    enumName: 'LockWarning',
    example: 'renews_late',
  })
  kind!: LockWarning['kind'];

  @ApiProperty({
    description: 'The warning as a sentence.',
    example: 'ada last renewed it with only 2 s of 30 s left.',
  })
  summary!: string;
}

/** A lease that holds the lock now. */
export class PresentLease extends PastLease {
  @ApiProperty({
    description: 'When it expires, unless it is renewed.',
    format: 'date-time',
    example: '2026-01-01T12:01:00.000Z',
  })
  expires_at!: string;
}

/** One place in the line, and what it waits for. */
export class ExplainedPlace extends LockHold {
  @ApiProperty({
    description:
      'Where in the line of the requests that are asking, from 1. A place that is only kept has the position that it would have.',
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

  @ApiProperty({
    description:
      'Why it does not have the lock. `kept`: its client is not asking at the moment. `delayed`: the lock is kept from everyone for a while. ' +
      '`held`: the holders have to release it. `behind`: it would go with the holders, but a request before it does not. ' +
      '`other_lock`: it waits for another lock of the same request.',
    enum: REASONS,
    enumName: 'WaitReason',
    example: 'held',
  })
  reason!: (typeof REASONS)[number];

  @ApiProperty({
    description:
      'In how many milliseconds it is likely to be served, if leases take as long as they usually do. Null if that cannot be told.',
    type: 'integer',
    nullable: true,
    example: 24_000,
  })
  expected_in_ms!: number | null;

  @ApiProperty({ description: 'The reason in words.', example: 'waits for ada' })
  summary!: string;
}

/** Why a lock is held, or why not, and what each request in line waits for. */
export class LockExplanation {
  @ApiProperty({ description: 'Lock name', example: 'service/leader' })
  name!: string;

  @ApiProperty({ enum: STATUSES, enumName: 'ExplainedStatus', example: 'held' })
  status!: (typeof STATUSES)[number];

  @ApiPropertyOptional({
    description: 'Until when the lock is kept from everyone. Only if its status is `delayed`.',
    format: 'date-time',
    example: '2026-01-01T12:01:00.000Z',
  })
  available_at?: string;

  @ApiProperty({
    description: 'The leases that hold it, in the order of their grants, at most 100.',
    type: [PresentLease],
  })
  holders!: PresentLease[];

  @ApiProperty({ description: 'How many leases hold it.', type: 'integer', minimum: 0, example: 1 })
  holder_count!: number;

  @ApiProperty({ description: 'How many requests are waiting.', type: 'integer', minimum: 0, example: 2 })
  waiters!: number;

  @ApiProperty({ description: 'The first 100 places in line, in order of arrival.', type: [ExplainedPlace] })
  line!: ExplainedPlace[];

  @ApiProperty({
    description: 'The leases that ended last, the latest grant first, at most three.',
    type: [PastLease],
  })
  ended!: PastLease[];

  @ApiProperty({
    description: `How long its latest leases, ${LEASES_PER_LOCK_MAX} at most, held it. Null if none is known.`,
    type: TypicalDuration,
    nullable: true,
  })
  typical_hold!: TypicalDuration | null;

  @ApiProperty({
    description: `How long the latest requests that had to wait, ${WAITS_PER_LOCK_MAX} at most, were in line before they got it. Null if none is known. Waits are not stored: they are known since the server began to lead.`,
    type: TypicalDuration,
    nullable: true,
  })
  typical_wait!: TypicalDuration | null;

  @ApiProperty({
    description: 'What may need attention. Usually empty.',
    type: [PresentWarning],
  })
  warnings!: PresentWarning[];

  @ApiProperty({
    description: 'The same in a few sentences.',
    example: 'ada has held it for 12 min. 2 requests are waiting.',
  })
  summary!: string;
}
