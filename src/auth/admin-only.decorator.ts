import { applyDecorators, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { AdminGuard } from './admin.guard.js';

/** Opens a controller or a route to the admin key and to admins only, and documents that. */
export function AdminOnly(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    UseGuards(AdminGuard),
    ApiSecurity('adminKey'),
    ApiBearerAuth('bearerAuth'),
    ApiErrors('unauthorized', 'admin_required'),
  );
}
