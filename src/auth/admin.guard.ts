import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { OctoStoreError } from '../errors/octostore-error.js';
import { Accounts } from './accounts.js';
import { AdminKey } from './admin-key.js';
import type { AuthenticatedRequest } from './caller.js';
import { bearerTokenOf } from './tokens/bearer-token.js';

/**
 * Lets a request through that brings the admin key, in `X-Admin-Key` or as bearer token, or the bearer token of an admin.
 * A wrong key is refused whatever else the request brings.
 */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    private readonly adminKey: AdminKey,
    private readonly accounts: Accounts,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const key = request.headers['x-admin-key'];
    if (key === undefined) return this.#admitBearer(request);
    if (typeof key === 'string' && this.adminKey.matches(key)) return true;
    throw new OctoStoreError('unauthorized');
  }

  #admitBearer(request: AuthenticatedRequest): boolean {
    const token = bearerTokenOf(request);
    if (token !== null && this.adminKey.matches(token)) return true;
    const caller = token === null ? null : this.accounts.callerOf(token);
    if (caller === null) throw new OctoStoreError('unauthorized');
    if (!this.accounts.isAdmin(caller)) throw new OctoStoreError('admin_required');
    request.caller = caller;
    return true;
  }
}
