import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest, Caller } from './caller.js';

/** The user who calls a route that also accepts the admin key. Null if the request has that key, which belongs to no user. */
export type Operator = Caller | null;

export const CurrentOperator = createParamDecorator(
  (_: unknown, context: ExecutionContext): Operator =>
    context.switchToHttp().getRequest<Partial<AuthenticatedRequest>>().caller ?? null,
);
