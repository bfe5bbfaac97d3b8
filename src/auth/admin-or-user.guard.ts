import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AdminGuard } from './admin.guard.js';
import { AdminKey } from './admin-key.js';
import { adminKeyOf } from './admin-key-header.js';
import { BearerGuard } from './bearer.guard.js';
import type { AuthenticatedRequest } from './caller.js';
import { bearerTokenOf } from './tokens/bearer-token.js';

/** Accepts a request with the admin key, or with the token of any user. What the user may do is for the route to find out. */
@Injectable()
export class AdminOrUserGuard implements CanActivate {
  constructor(
    private readonly adminKey: AdminKey,
    private readonly admins: AdminGuard,
    private readonly users: BearerGuard,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    return this.#hasAdminKey(request) ? this.admins.canActivate(context) : this.users.canActivate(context);
  }

  #hasAdminKey(request: AuthenticatedRequest): boolean {
    if (adminKeyOf(request) !== undefined) return true;
    const token = bearerTokenOf(request);
    return token !== null && this.adminKey.matches(token);
  }
}
