import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { OctoStoreError } from '../errors/octostore-error.js';
import { connectionOf } from '../http/connections/connections.js';
import { Accounts } from './accounts.js';
import type { AuthenticatedRequest, Caller } from './caller.js';
import { AuthFailures } from './auth-failures.js';
import { SessionCallers } from './browser/session-callers.js';
import { ClientRateLimit } from './client-rate-limit.js';
import { bearerHashOf } from './tokens/bearer-token.js';
import type { TokenHash } from './tokens/token-format.js';

/** Accepts a request with a valid bearer token, or with the cookie of a browser session and no token, and stores its caller. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly accounts: Accounts,
    private readonly rateLimit: ClientRateLimit,
    private readonly failures: AuthFailures,
    private readonly sessions: SessionCallers,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const caller =
      request.headers.authorization === undefined ? this.sessions.admit(request) : this.#bearerOf(request);
    this.rateLimit.admit(caller);
    connectionOf(request.socket).usedBy(caller.userId);
    request.caller = caller;
    return true;
  }

  #bearerOf(request: AuthenticatedRequest): Caller {
    const tokenHash = bearerHashOf(request);
    const caller = tokenHash === null ? null : this.accounts.callerWith(tokenHash);
    if (caller === null) throw this.#refusal(request, tokenHash);
    return caller;
  }

  #refusal(request: AuthenticatedRequest, tokenHash: TokenHash | null): OctoStoreError {
    const code = tokenHash === null ? 'unauthorized' : this.accounts.refusalOf(tokenHash);
    return this.failures.refusal(request, 'token', new OctoStoreError(code));
  }
}
