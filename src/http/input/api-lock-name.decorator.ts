import { applyDecorators } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { LOCK_NAME_COMPONENT_LENGTH_MAX } from '../../core/model/limits.js';
import { LOCK_NAME_SCHEMA } from './lock-name.schema.js';

/** Documents the lock name in a route's path, with the rules that `parseLockName` checks. */
export function ApiLockName(): MethodDecorator {
  return applyDecorators(
    ApiParam({
      name: 'name',
      description:
        "A lock name is a path: components of letters, digits, '.', '_' and '-', separated by '/'. Each component has at most " +
        `${LOCK_NAME_COMPONENT_LENGTH_MAX} characters and is not '.' or '..'. You can send the slashes as they are or percent-encoded.`,
      schema: LOCK_NAME_SCHEMA,
    }),
  );
}
