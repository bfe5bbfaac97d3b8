import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { parseLockName, type LockName } from '../../core/model/lock-name.js';
import { OctoStoreError } from '../../errors/octostore-error.js';

/**
 * The lock name in a route's path, from its parameter `name`. A name with slashes may be raw (several path components) or
 * percent-encoded (one component). Both mean the same lock. Throws `validation_failed`.
 */
export const LockNameParam = createParamDecorator((_: unknown, context: ExecutionContext): LockName => {
  const { name = '' } = context.switchToHttp().getRequest<Request>().params;
  const parsed = parseLockName(typeof name === 'string' ? name : name.join('/'));
  if (!parsed.ok) throw new OctoStoreError('validation_failed', { details: parsed.problem });
  return parsed.name;
});
