import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Accounts } from './accounts.js';
import { AdminKey } from './admin-key.js';
import { adminKeyOf } from './admin-key-header.js';
import { AuditRefusals } from './audit-refusals.js';
import { AuthFailures } from './auth-failures.js';
import { SessionCallers } from './browser/session-callers.js';
import type { AuthenticatedRequest, Caller } from './caller.js';
import { bearerTokenOf } from './tokens/bearer-token.js';

/**
 * Accepts a request with the admin key, in `X-Admin-Key`, in `X-OctoStore-Admin-Key` or as a bearer token, or with the bearer
 * token or the browser session of an admin. A wrong key is refused, whatever else the request contains.
 */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    protected readonly adminKey: AdminKey,
    private readonly accounts: Accounts,
    private readonly failures: AuthFailures,
    private readonly sessions: SessionCallers,
    private readonly refusals: AuditRefusals,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const key = adminKeyOf(request);
    if (key === undefined) return this.#admitBearer(request);
    if (key !== null && this.opens(key)) return true;
    throw this.failures.refusal(request, 'admin_key');
  }

  /** Whether a key opens the routes that this guard protects. */
  protected opens(key: string): boolean {
    return this.adminKey.matches(key);
  }

  #admitBearer(request: AuthenticatedRequest): boolean {
    if (request.headers.authorization === undefined)
      return this.#admit(request, this.sessions.admit(request));
    const token = bearerTokenOf(request);
    if (token !== null && this.opens(token)) return true;
    const caller = token === null ? null : this.accounts.callerOf(token);
    if (caller === null) throw this.failures.refusal(request, 'admin_key');
    return this.#admit(request, caller);
  }

  #admit(request: AuthenticatedRequest, caller: Caller): true {
    if (!this.accounts.isAdmin(caller)) throw this.refusals.adminRequired(request, caller);
    request.caller = caller;
    return true;
  }
}

/** Like `AdminGuard`, but also accepts the metrics key. */
@Injectable()
export class MetricsGuard extends AdminGuard {
  protected override opens(key: string): boolean {
    return this.adminKey.opensMetrics(key);
  }
}
