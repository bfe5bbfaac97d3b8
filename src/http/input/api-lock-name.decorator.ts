import { applyDecorators } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { LOCK_NAME_COMPONENT_LENGTH_MAX, LOCK_NAME_LENGTH_MAX } from '../../core/model/limits.js';
import { LOCK_NAME_PATTERN } from '../../core/model/lock-name.js';

/** Documents the lock name in a route's path, by the rules that `parseLockName` checks. */
export function ApiLockName(): MethodDecorator {
  return applyDecorators(
    ApiParam({
      name: 'name',
      description:
        "Hierarchical lock name with '/' between its components, each of letters, digits, '.', '_' and '-' " +
        `(at most ${LOCK_NAME_COMPONENT_LENGTH_MAX} characters; not '.' or '..'). The slashes may be sent as they are or ` +
        'percent-encoded.',
      schema: {
        type: 'string',
        pattern: LOCK_NAME_PATTERN,
        minLength: 1,
        maxLength: LOCK_NAME_LENGTH_MAX,
        example: 'service/leader',
      },
    }),
  );
}
