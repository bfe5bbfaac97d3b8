import { getSchemaPath } from '@nestjs/swagger';
import { LockDelayed, LockHeld, LockNotHeld } from './lock-status.dto.js';

/** The response of `GET /locks/{name}`. */
export const LOCK_STATUS = {
  description: 'Whether the lock is held, available or delayed, and the details of that state.',
  oneOf: [LockHeld, LockNotHeld, LockDelayed].map((status) => ({ $ref: getSchemaPath(status) })),
  discriminator: {
    propertyName: 'status',
    mapping: {
      held: getSchemaPath(LockHeld),
      available: getSchemaPath(LockNotHeld),
      delayed: getSchemaPath(LockDelayed),
    },
  },
};

export const LOCK_STATUS_REFERENCE = { $ref: '#/components/schemas/LockStatus' };
