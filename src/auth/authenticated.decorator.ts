import { applyDecorators, UseGuards } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { NeedsCaller } from '../http/routes/traits.js';
import { ApiBrowserSession } from './browser/api-browser-session.decorator.js';
import { BearerGuard } from './bearer.guard.js';

/** Restricts a controller or route to callers with a valid bearer token or browser session, and documents that. */
export function Authenticated(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    UseGuards(BearerGuard),
    NeedsCaller(),
    ApiBearerAuth('bearerAuth'),
    ApiBrowserSession(),
    ApiErrors('unauthorized', 'token_expired', 'sign_in_required', 'rate_limited'),
  );
}
