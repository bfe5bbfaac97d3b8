import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { UserId } from '../core/model/ids.js';
import type { AuthenticatedRequest } from './caller.js';

/** The admin who calls a route for admins. Null if the request has the admin key, which belongs to no user. */
export const CurrentAdmin = createParamDecorator((_: unknown, context: ExecutionContext): UserId | null => {
  const { caller } = context.switchToHttp().getRequest<Partial<AuthenticatedRequest>>();
  return caller?.userId ?? null;
});
