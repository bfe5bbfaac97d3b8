import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { OctoStoreError } from '../errors/octostore-error.js';
import { connectionOf } from '../http/connections/connections.js';
import { Accounts } from './accounts.js';
import type { AuthenticatedRequest } from './caller.js';
import { AuthFailures } from './auth-failures.js';
import { ClientRateLimit } from './client-rate-limit.js';
import { bearerHashOf } from './tokens/bearer-token.js';
import type { TokenHash } from './tokens/token-format.js';

/** Accepts a request with a valid bearer token and stores its caller. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly accounts: Accounts,
    private readonly rateLimit: ClientRateLimit,
    private readonly failures: AuthFailures,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const tokenHash = bearerHashOf(request);
    const caller = tokenHash === null ? null : this.accounts.callerWith(tokenHash);
    if (caller === null) throw this.#refusal(request, tokenHash);
    this.rateLimit.admit(caller);
    connectionOf(request.socket).usedBy(caller.userId);
    request.caller = caller;
    return true;
  }

  /** A request without a token is not an attempt to guess one, so it is not counted. */
  #refusal(request: AuthenticatedRequest, tokenHash: TokenHash | null): OctoStoreError {
    if (request.headers.authorization === undefined) return new OctoStoreError('unauthorized');
    const code = tokenHash === null ? 'unauthorized' : this.accounts.refusalOf(tokenHash);
    return this.failures.refusal(request, 'token', new OctoStoreError(code));
  }
}
