import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { UserId } from '../core/model/ids.js';
import type { TokenHash } from './tokens/token-format.js';

/** The account that a request comes from, and the token that proved it. */
export interface Caller {
  readonly userId: UserId;
  readonly login: string;
  readonly tokenHash: TokenHash;
  /** Whether the token was exchanged for one of an issuer, so that the caller must expect to go on with another one. */
  readonly exchanged: boolean;
}

/** A request that the bearer guard has accepted. */
export interface AuthenticatedRequest extends Request {
  caller: Caller;
}

/** The caller of an authenticated route. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<AuthenticatedRequest>().caller,
);
