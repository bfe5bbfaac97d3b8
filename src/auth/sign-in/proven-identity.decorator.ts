import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Proven } from './proven.js';

/** The user who has signed in. Use it on a route with `FinishSignInGuard`, which verifies it. */
export const ProvenIdentity = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<{ user: Proven }>().user,
);
