import { getSchemaPath } from '@nestjs/swagger';
import { LeaseBroken, SessionExpired } from './lease-broken.dto.js';

/** The 410 of a request for a lease. */
export const ACQUIRE_GONE = {
  description: 'What has ended, so that the lease was not granted.',
  oneOf: [{ $ref: getSchemaPath(LeaseBroken) }, { $ref: getSchemaPath(SessionExpired) }],
  discriminator: {
    propertyName: 'code',
    mapping: { lease_broken: getSchemaPath(LeaseBroken), session_expired: getSchemaPath(SessionExpired) },
  },
};

export const ACQUIRE_GONE_REFERENCE = { $ref: '#/components/schemas/AcquireGone' };
