import { applyDecorators } from '@nestjs/common';
import { ApiCookieAuth } from '@nestjs/swagger';
import { ApiErrorsOfChanges } from '../../http/answer/api-errors.decorator.js';

/** Documents that a controller or route accepts browser sessions. */
export function ApiBrowserSession(): MethodDecorator & ClassDecorator {
  return applyDecorators(ApiCookieAuth('browserSession'), ApiErrorsOfChanges('csrf_failed'));
}
