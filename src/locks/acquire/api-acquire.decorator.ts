import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse } from '@nestjs/swagger';
import { ERRORS, type ErrorCode } from '../../errors/error-table.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { errorExample } from '../../http/answer/error-example.js';
import { BROKEN_LEASE_EXAMPLE } from '../api-lease-broken.decorator.js';
import { ACQUIRE_CONFLICT_REFERENCE } from '../dto/acquire-conflict.schema.js';
import { ACQUIRE_GONE_REFERENCE } from '../dto/acquire-gone.schema.js';
import { LeaseBroken, SessionExpired } from '../dto/lease-broken.dto.js';
import { LeaseMismatch, LOCK_CONFLICTS, LockConflict } from '../dto/lock-conflict.dto.js';

/** Documents every error of a route that acquires a lease. */
export function ApiAcquireErrors(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(LockConflict, LeaseMismatch, LeaseBroken, SessionExpired),
    ApiResponse({
      status: 409,
      content: {
        'application/json': {
          schema: ACQUIRE_CONFLICT_REFERENCE,
          examples: { lease_mismatch: errorExample('lease_mismatch') },
        },
      },
      headers: RETRY_AFTER,
      description: describe([...LOCK_CONFLICTS, 'lease_mismatch']),
    }),
    ApiResponse({
      status: 410,
      content: {
        'application/json': {
          schema: ACQUIRE_GONE_REFERENCE,
          examples: {
            lease_broken: BROKEN_LEASE_EXAMPLE,
            session_expired: errorExample('session_expired'),
          },
        },
      },
      description: describe(['lease_broken', 'session_expired']),
    }),
    ApiErrors(
      'malformed_json',
      'lease_id_required',
      'body_too_large',
      'forbidden',
      'lock_limit_exceeded',
      'session_not_found',
      'shutting_down',
      'storage_low',
      'too_many_waiters',
      'too_many_locks',
      'numbers_exhausted',
    ),
  );
}

function describe(codes: readonly ErrorCode[]): string {
  return codes.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join('\n\n');
}

const RETRY_AFTER = {
  'Retry-After': {
    description: 'How many seconds to wait before you try again. Not sent with `lease_mismatch`.',
    schema: { type: 'integer', minimum: 1 },
  },
} as const;
