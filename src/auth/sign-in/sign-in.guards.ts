import type { ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request, Response } from 'express';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { SignInAudit } from './sign-in-audit.js';
import { SignInRefused } from './sign-in-refused.js';
import type { StateCookie } from './state-cookie.js';

/** The maximum length of the issuer that a provider puts beside its code. */
const ISSUER_LENGTH_MAX = 512;

/** The query parameters that a step of the sign-in may read, and the response to set its cookie on. */
export interface SignInStep {
  readonly query: Readonly<Record<string, string>>;
  readonly res: Response;
}

/** How a way to sign in is registered with Passport. */
export interface NamedStrategy {
  readonly name: string;
}

type Admission = ReturnType<InstanceType<ReturnType<typeof AuthGuard>>['canActivate']>;

/** Passes a step of the sign-in to Passport, which puts its result into `request.user`. */
abstract class SignInGuard extends AuthGuard() {
  /** @param strategy null if this way to sign in is not configured. */
  constructor(private readonly strategy: NamedStrategy | null) {
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

/** Redirects the browser to the provider. The route's own handler never runs. */
export abstract class StartSignInGuard extends SignInGuard {
  override getAuthenticateOptions(context: ExecutionContext): SignInStep {
    return { query: {}, res: context.switchToHttp().getResponse<Response>() };
  }
}

/** Verifies the identity of a user who has returned from the provider. The browser's cookie is cleared in any case. */
export abstract class FinishSignInGuard extends SignInGuard {
  /** The maximum length of the provider's codes, in characters. */
  protected abstract readonly codeLengthMax: number;

  constructor(
    strategy: NamedStrategy | null,
    private readonly cookie: StateCookie,
    private readonly audit: SignInAudit,
  ) {
    super(strategy);
  }

  override handleRequest<User>(
    error: unknown,
    user: User | false | null,
    info: unknown,
    context: ExecutionContext,
  ): User {
    const cause = unwrapped(error);
    if (cause instanceof SignInRefused) this.audit.record(cause, context);
    return super.handleRequest(error, user, info, context);
  }

  override getAuthenticateOptions(context: ExecutionContext): SignInStep {
    const request = context.switchToHttp().getRequest<Request>();
    const res = context.switchToHttp().getResponse<Response>();
    this.cookie.clear(res);
    return { query: parametersIn(request.query, this.codeLengthMax), res };
  }
}

/** Reads the provider's parameters. There must be exactly one code and one state. Otherwise the sign-in has failed. */
function parametersIn(
  { code, state, error, iss }: Request['query'],
  codeLengthMax: number,
): SignInStep['query'] {
  if (error === 'access_denied') {
    throw new OctoStoreError('sign_in_failed', {
      details: 'The sign-in was denied at the provider. To sign in, begin again and allow it there.',
    });
  }
  const isComplete = isFilled(code) && isFilled(state) && error === undefined;
  if (!isComplete || code.length > codeLengthMax) throw new OctoStoreError('sign_in_failed');
  if (iss === undefined) return { code, state };
  if (isFilled(iss) && iss.length <= ISSUER_LENGTH_MAX) return { code, state, iss };
  throw new OctoStoreError('sign_in_failed');
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** passport-oauth2 wraps the errors of its transport. */
function unwrapped(error: unknown): unknown {
  return error instanceof Error && 'oauthError' in error ? error.oauthError : error;
}
