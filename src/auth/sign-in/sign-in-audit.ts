import { Injectable, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { AuditRefusals } from '../audit-refusals.js';
import { RequestOrigins } from '../request-origins.js';
import { qualifiedLogin } from '../tokens/token-facts.js';
import type { SignInRefused } from './sign-in-refused.js';

/** Records who has proven their identity and may not sign in. */
@Injectable()
export class SignInAudit {
  constructor(
    private readonly refusals: AuditRefusals,
    private readonly origins: RequestOrigins,
  ) {}

  record({ code, identity }: SignInRefused, context: ExecutionContext): void {
    const origin = this.origins.ofUnknown(context.switchToHttp().getRequest<Request>());
    const details = { user: qualifiedLogin(identity) };
    this.refusals.add({ action: 'sign_in', origin, subject: null, code, details });
  }
}
