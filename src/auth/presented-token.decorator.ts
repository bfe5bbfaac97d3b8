import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { AuthenticatedRequest } from './caller.js';
import { bearerTokenOf } from './tokens/bearer-token.js';

/** The bearer token that an authenticated request came with. */
export const PresentedToken = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const token = bearerTokenOf(context.switchToHttp().getRequest<AuthenticatedRequest>());
  if (token === null) throw new OctoStoreError('unauthorized');
  return token;
});
