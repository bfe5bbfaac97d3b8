import { getSchemaPath } from '@nestjs/swagger';
import { LockHeld, LockNotHeld } from './lock-status.dto.js';

/** The response of `GET /locks/{name}`. */
export const LOCK_STATUS = {
  description: 'Who holds the lock, or that it is available.',
  oneOf: [{ $ref: getSchemaPath(LockHeld) }, { $ref: getSchemaPath(LockNotHeld) }],
  discriminator: {
    propertyName: 'status',
    mapping: { held: getSchemaPath(LockHeld), available: getSchemaPath(LockNotHeld) },
  },
};

export const LOCK_STATUS_REFERENCE = { $ref: '#/components/schemas/LockStatus' };
