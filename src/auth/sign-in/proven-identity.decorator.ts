import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Identity } from '../user-directory.js';

/** The identity that has signed in. Use it on a route with `FinishSignInGuard`, which verifies it. */
export const ProvenIdentity = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<{ user: Identity }>().user,
);
