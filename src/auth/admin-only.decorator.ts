import { applyDecorators, UseGuards, type CanActivate, type Type } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { NeedsCaller } from '../http/routes/traits.js';
import { ApiBrowserSession } from './browser/api-browser-session.decorator.js';
import { AdminOrUserGuard } from './admin-or-user.guard.js';
import { AdminGuard, MetricsGuard } from './admin.guard.js';

type Decorator = MethodDecorator & ClassDecorator;

/** Restricts a controller or route to the admin key and to admins, and documents that. */
export function AdminOnly(): Decorator {
  return guardedBy(AdminGuard);
}

/** Like `AdminOnly`, but also accepts the metrics key. */
export function MetricsOnly(): Decorator {
  return guardedBy(MetricsGuard);
}

/** Accepts administrators and all users. The route finds out which users may do what it does: see `OperatorAccess`. */
export function AdminOrUser(): Decorator {
  return applyDecorators(guardedBy(AdminOrUserGuard), ApiErrors('forbidden'));
}

function guardedBy(guard: Type<CanActivate>): Decorator {
  return applyDecorators(
    UseGuards(guard),
    NeedsCaller(),
    ApiSecurity('adminKey'),
    ApiBearerAuth('bearerAuth'),
    ApiBrowserSession(),
    ApiErrors('unauthorized', 'token_expired', 'admin_required', 'rate_limited'),
  );
}
