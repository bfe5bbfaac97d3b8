import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, ValidateBy } from 'class-validator';
import { EVENT_FILTERS, isEventFilter, USUAL_EVENTS } from '../../../events/event-types.js';
import {
  isLockPattern,
  LOCK_PATTERN_LENGTH_MAX,
  LOCK_PATTERN_SHAPE,
} from '../../../access/patterns/lock-pattern.js';
import { ENCODED_SECRET_PREFIX, isUsableSecret } from '../../transport/signature.js';

/** Characters that a signing secret may have. */
export const SECRET_LENGTH_MAX = 256;

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
      default: [USUAL_EVENTS],
      example: ['acquired', 'released'],
      description:
        'The types of events to send. `*` stands for `acquired`, `released`, `renewed` and `expired`. Without `broken`, the event of ' +
        'a broken lease is sent as `expired`, with a `cause`.',
    },
    (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= EVENT_FILTERS.length &&
      value.every(isEventFilter),
    `must be a list of 1 to ${EVENT_FILTERS.length} items from ${EVENT_FILTERS.map((item) => `"${item}"`).join(', ')}`,
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
