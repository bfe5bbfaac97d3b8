import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Identity } from '../user-directory.js';

/** Who has signed in, on a route with the guard that verifies it. */
export const ProvenIdentity = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<{ user: Identity }>().user,
);
