import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { LockMode } from '../../core/model/demand.js';
import { PERMITS } from '../../core/model/limits.js';

const MODES = ['exclusive', 'shared', 'counted'] as const satisfies readonly LockMode[];

export const ApiMode = (): PropertyDecorator =>
  ApiProperty({
    description:
      '`exclusive` if one lease holds the lock alone, `shared` if any number may hold it together, `counted` if they share its permits.',
    enum: MODES,
    enumName: 'LockMode',
    example: 'exclusive',
  });

export const ApiLimit = (): PropertyDecorator =>
  ApiPropertyOptional({
    description: 'How many permits the lock has. Only if it is counted.',
    type: 'integer',
    minimum: PERMITS.min,
    maximum: PERMITS.max,
    example: 4,
  });

export const ApiSlots = (): PropertyDecorator =>
  ApiPropertyOptional({
    description:
      'The numbers of the permits that the lease has, from 0 to `limit` minus 1. No other lease has them. Only if the lock is counted.',
    type: 'array',
    items: { type: 'integer', minimum: 0 },
    example: [0],
  });

/** How a lease holds a lock. */
export class LockHold {
  @ApiMode()
  mode!: LockMode;

  @ApiLimit()
  limit?: number;

  @ApiPropertyOptional({
    description: 'How many permits the lease has. Only if the lock is counted.',
    type: 'integer',
    minimum: PERMITS.min,
    maximum: PERMITS.max,
    example: 1,
  })
  permits?: number;

  @ApiSlots()
  slots?: readonly number[];
}

/** One lock of a lease. */
export class LeaseLock extends LockHold {
  @ApiProperty({ description: 'Lock name', example: 'service/leader' })
  name!: string;
}
