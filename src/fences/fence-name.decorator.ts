import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { parseFenceName, type FenceName } from '../core/model/fence.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { nameInPath } from '../http/input/lock-name.decorator.js';
import { LOCK_NAME_SCHEMA } from '../http/input/lock-name.schema.js';
import { EXAMPLE_FENCE } from './dto/fence.dto.js';

/** The name of a fence in a route's path, from its parameter `name`. Throws `validation_failed`. */
export const FenceNameParam = createParamDecorator((_: unknown, context: ExecutionContext): FenceName => {
  const parsed = parseFenceName(nameInPath(context));
  if (!parsed.ok) throw new OctoStoreError('validation_failed', { details: parsed.problem });
  return parsed.name;
});

/** Documents the name of a fence in a route's path. */
export function ApiFenceName(): MethodDecorator {
  return applyDecorators(
    ApiParam({
      name: 'name',
      description:
        'A fence name follows the rules of lock names. Any name will do; the name of the lock is a good one, and for a counted lock the ' +
        'name of the lock with the slot, such as `gpu/3`.',
      schema: { ...LOCK_NAME_SCHEMA, example: EXAMPLE_FENCE },
    }),
  );
}
