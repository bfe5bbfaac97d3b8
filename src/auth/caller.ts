import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Scope } from '../access/scope/scope.js';
import type { UserId } from '../core/model/ids.js';
import type { TokenHash } from './tokens/token-format.js';
import type { TokenId } from './tokens/valid-token.js';

/** The account that a request comes from, and the token that proved it. */
export interface Caller {
  readonly userId: UserId;
  readonly login: string;
  readonly tokenHash: TokenHash;
  readonly tokenId: TokenId;
  /** What the token may do at most. Null if it may do as much as its owner. */
  readonly scope: Scope | null;
}

/** The id that is stored with what a caller makes, if that must not do more than the token of the caller. */
export function makerOf({ scope, tokenId }: Caller): TokenId | null {
  return scope === null ? null : tokenId;
}

/** A request that the bearer guard has accepted. */
export interface AuthenticatedRequest extends Request {
  caller: Caller;
}

/** The caller of an authenticated route. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<AuthenticatedRequest>().caller,
);
