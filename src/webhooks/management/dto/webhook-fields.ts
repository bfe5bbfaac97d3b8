import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, ValidateBy } from 'class-validator';
import { LOCK_EVENT_TYPES } from '../../../core/model/event.js';
import {
  isLockPattern,
  LOCK_PATTERN_LENGTH_MAX,
  LOCK_PATTERN_SHAPE,
} from '../../subscriptions/lock-pattern.js';
import { ALL_EVENTS } from '../../subscriptions/webhook.js';
import { ENCODED_SECRET_PREFIX, isUsableSecret } from '../../transport/signature.js';

/** Characters that a signing secret may have. */
export const SECRET_LENGTH_MAX = 256;

const EVENT_FILTERS: readonly unknown[] = [...LOCK_EVENT_TYPES, ALL_EVENTS];

/** The signing secret. */
export function SecretField(): PropertyDecorator {
  return optional(
    {
      type: 'string',
      minLength: 1,
      maxLength: SECRET_LENGTH_MAX,
      example: 'my-secret-key',
      description:
        'The secret to sign events with (HMAC-SHA256). It is never shown again. ' +
        `If it begins with \`${ENCODED_SECRET_PREFIX}\`, the rest is the key of \`webhook-signature\` in base64.`,
    },
    (value) =>
      typeof value === 'string' &&
      value.length <= SECRET_LENGTH_MAX &&
      value.isWellFormed() &&
      isUsableSecret(value),
    `must be a text of 1 to ${SECRET_LENGTH_MAX} characters, and valid base64 after "${ENCODED_SECRET_PREFIX}"`,
  );
}

/** The types of events. */
export function EventFiltersField(): PropertyDecorator {
  return optional(
    {
      type: 'array',
      items: { type: 'string', enum: [...EVENT_FILTERS] },
      minItems: 1,
      maxItems: EVENT_FILTERS.length,
      default: [ALL_EVENTS],
      example: ['acquired', 'released'],
      description: 'The types of events to send',
    },
    (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= EVENT_FILTERS.length &&
      value.every((item: unknown) => EVENT_FILTERS.includes(item)),
    `must be a list of 1 to ${EVENT_FILTERS.length} items from ${EVENT_FILTERS.map((item) => `"${String(item)}"`).join(', ')}`,
  );
}

/** The names of locks. */
export function LockPatternField(): PropertyDecorator {
  return optional(
    {
      type: 'string',
      pattern: LOCK_PATTERN_SHAPE,
      minLength: 1,
      maxLength: LOCK_PATTERN_LENGTH_MAX,
      example: 'service/*',
      description:
        'A glob pattern for the names of locks. Leave it out for all locks. `*` matches any run of characters, even across `/` or ' +
        'empty, so `service/*` matches everything below `service/`. `?` matches any one character. A whole component `**` ' +
        'matches any number of components, even none. The pattern is case-sensitive.',
    },
    isLockPattern,
    `must have 1 to ${LOCK_PATTERN_LENGTH_MAX} characters: the characters of lock names, '*' and '?'`,
  );
}

function optional(
  schema: Parameters<typeof ApiPropertyOptional>[0],
  isValid: (value: unknown) => boolean,
  rule: string,
): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    ApiPropertyOptional({ ...schema, nullable: true }),
    ValidateBy({
      name: 'webhook-field',
      validator: { validate: isValid, defaultMessage: () => `$property ${rule}.` },
    }),
  );
}
