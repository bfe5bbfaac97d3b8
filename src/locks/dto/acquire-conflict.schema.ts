import { getSchemaPath } from '@nestjs/swagger';
import { LeaseMismatch, LOCK_CONFLICTS, LockConflict } from './lock-conflict.dto.js';

/** The 409 of a request for a lease. */
export const ACQUIRE_CONFLICT = {
  description: 'Why the lease was not granted.',
  oneOf: [{ $ref: getSchemaPath(LockConflict) }, { $ref: getSchemaPath(LeaseMismatch) }],
  discriminator: {
    propertyName: 'code',
    mapping: {
      ...Object.fromEntries(LOCK_CONFLICTS.map((code) => [code, getSchemaPath(LockConflict)])),
      lease_mismatch: getSchemaPath(LeaseMismatch),
    },
  },
};

export const ACQUIRE_CONFLICT_REFERENCE = { $ref: '#/components/schemas/AcquireConflict' };
