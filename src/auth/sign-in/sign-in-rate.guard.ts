import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { Clock } from '../../clock/clock.js';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { SignInLimiter } from './sign-in-limiter.js';

/** Limits how often a client address may begin a sign-in, and how often it may finish one. */
@Injectable()
export class SignInRateGuard implements CanActivate {
  /** By handler. */
  readonly #limiters = new Map<unknown, SignInLimiter>();

  constructor(
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const { ip = '' } = context.switchToHttp().getRequest<Request>();
    const retryAfterMs = this.#limiterOf(context.getHandler()).attempt(ip);
    if (retryAfterMs > 0) throw new OctoStoreError('rate_limited', { retryAfterMs });
    return true;
  }

  #limiterOf(handler: unknown): SignInLimiter {
    const known = this.#limiters.get(handler);
    if (known !== undefined) return known;
    const limiter = new SignInLimiter(this.clock, this.config.SIGN_INS_PER_MINUTE);
    this.#limiters.set(handler, limiter);
    return limiter;
  }
}
