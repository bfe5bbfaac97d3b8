import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { parseLockName, type LockName } from '../../core/model/lock-name.js';
import { OctoStoreError } from '../../errors/octostore-error.js';

/** The lock name in a route's path, from its parameter `name`. Throws `validation_failed`. */
export const LockNameParam = createParamDecorator((_: unknown, context: ExecutionContext): LockName => {
  const parsed = parseLockName(nameInPath(context));
  if (!parsed.ok) throw new OctoStoreError('validation_failed', { details: parsed.problem });
  return parsed.name;
});

/**
 * The parameter `name` of a route's path. A name with slashes may be raw (several path components) or percent-encoded (one component).
 * Both are the same name.
 */
export function nameInPath(context: ExecutionContext): string {
  const { name = '' } = context.switchToHttp().getRequest<Request>().params;
  return typeof name === 'string' ? name : name.join('/');
}
