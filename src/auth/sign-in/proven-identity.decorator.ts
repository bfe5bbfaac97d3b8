import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Confirmed } from '../memberships/memberships.js';
import type { Identity } from '../user-directory.js';

/** Who has signed in, and what the provider has said about their groups. */
export interface Proven {
  readonly identity: Identity;
  readonly confirmed: Confirmed;
}

/** The user who has signed in. Use it on a route with `FinishSignInGuard`, which verifies it. */
export const ProvenIdentity = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<{ user: Proven }>().user,
);
