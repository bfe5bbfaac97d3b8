import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request, Response } from 'express';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { AuditRefusals } from '../audit-refusals.js';
import { RequestOrigins } from '../request-origins.js';
import { SignInRefused } from '../sign-in-refused.js';
import { qualifiedLogin } from '../tokens/token-facts.js';
import { GitHubStrategy, type SignInStep } from './github.strategy.js';
import { StateCookie } from './state-cookie.js';

/** The maximum length of GitHub's code, in characters. It currently has 20. */
const CODE_LENGTH_MAX = 512;

type Admission = ReturnType<InstanceType<ReturnType<typeof AuthGuard>>['canActivate']>;

/** Passes a step of the sign-in to Passport, which puts its result into `request.user`. */
abstract class SignInGuard extends AuthGuard() {
  constructor(private readonly strategy: GitHubStrategy | null) {
    super({ defaultStrategy: strategy?.name ?? 'not configured' });
  }

  override canActivate(context: ExecutionContext): Admission {
    if (this.strategy === null) throw new OctoStoreError('sign_in_not_configured');
    context.switchToHttp().getResponse<Response>().setHeader('Cache-Control', 'no-store');
    return super.canActivate(context);
  }

  override handleRequest<User>(
    error: unknown,
    user: User | false | null,
    _info: unknown,
    _context: ExecutionContext,
  ): User {
    if (error !== null && error !== undefined) throw unwrapped(error);
    if (user === null || user === false) throw new OctoStoreError('sign_in_failed');
    return user;
  }
}

/** Redirects the browser to GitHub. The route's own handler never runs. */
@Injectable()
export class StartSignInGuard extends SignInGuard {
  constructor(@Inject(GitHubStrategy) strategy: GitHubStrategy | null) {
    super(strategy);
  }

  override getAuthenticateOptions(context: ExecutionContext): SignInStep {
    return { query: {}, res: context.switchToHttp().getResponse<Response>() };
  }
}

/** Verifies the identity of a user who has returned from GitHub. The browser's cookie is cleared in any case. */
@Injectable()
export class FinishSignInGuard extends SignInGuard {
  constructor(
    @Inject(GitHubStrategy) strategy: GitHubStrategy | null,
    private readonly cookie: StateCookie,
    private readonly refusals: AuditRefusals,
    private readonly origins: RequestOrigins,
  ) {
    super(strategy);
  }

  override handleRequest<User>(
    error: unknown,
    user: User | false | null,
    _info: unknown,
    context: ExecutionContext,
  ): User {
    const cause = unwrapped(error);
    if (cause instanceof SignInRefused) this.#record(cause, context);
    return super.handleRequest(error, user, _info, context);
  }

  #record({ code, identity }: SignInRefused, context: ExecutionContext): void {
    const origin = this.origins.ofUnknown(context.switchToHttp().getRequest<Request>());
    const details = { user: qualifiedLogin(identity) };
    this.refusals.add({ action: 'sign_in', origin, subject: null, code, details });
  }

  override getAuthenticateOptions(context: ExecutionContext): SignInStep {
    const request = context.switchToHttp().getRequest<Request>();
    const res = context.switchToHttp().getResponse<Response>();
    this.cookie.clear(res);
    return { query: parametersIn(request.query), res };
  }
}

/** Reads GitHub's parameters. There must be exactly one code and one state. Otherwise the sign-in has failed. */
function parametersIn({ code, state, error }: Request['query']): SignInStep['query'] {
  if (error === 'access_denied') {
    throw new OctoStoreError('sign_in_failed', {
      details: 'The sign-in was denied at GitHub. To sign in, begin again and allow it there.',
    });
  }
  const isComplete = isFilled(code) && isFilled(state) && error === undefined;
  if (!isComplete || code.length > CODE_LENGTH_MAX) throw new OctoStoreError('sign_in_failed');
  return { code, state };
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** passport-oauth2 wraps the errors of its transport. */
function unwrapped(error: unknown): unknown {
  return error instanceof Error && 'oauthError' in error ? error.oauthError : error;
}
