import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ReturnCookie } from './return-cookie.js';

/** Remembers the `return_to` of a sign-in that begins. Lets every request through. */
@Injectable()
export class ReturnToGuard implements CanActivate {
  constructor(private readonly cookie: ReturnCookie) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const { return_to: returnTo } = request.query;
    if (returnTo === undefined) this.cookie.take(request, response);
    else this.cookie.set(request, response, returnTo);
    return true;
  }
}
