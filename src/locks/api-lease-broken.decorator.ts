import { ApiResponse } from '@nestjs/swagger';
import { ERRORS } from '../errors/error-table.js';
import { errorExample } from '../http/answer/error-example.js';
import { LeaseBroken } from './dto/lease-broken.dto.js';

const { summary, value } = errorExample('lease_broken');

/** With the fields that this error has besides those of every error. */
export const BROKEN_LEASE_EXAMPLE = {
  summary,
  value: {
    ...value,
    reason: 'worker-7 is being replaced',
    broken_by: 'ada',
    broken_at: '2026-01-01T12:00:00.000Z',
  },
};

/** Documents that the caller's lease may have been broken. */
export const ApiLeaseBroken = (): MethodDecorator =>
  ApiResponse({
    status: ERRORS.lease_broken.status,
    type: LeaseBroken,
    description: `\`lease_broken\`: ${ERRORS.lease_broken.message}`,
    examples: { lease_broken: BROKEN_LEASE_EXAMPLE },
  });
