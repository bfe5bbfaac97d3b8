import { Injectable } from '@nestjs/common';
import { Access } from '../../access/access.js';
import type { Caller } from '../../auth/caller.js';
import { RateLimiter } from '../../auth/rate-limiter.js';
import { Clock } from '../../clock/clock.js';
import type { LockName } from '../../core/model/lock-name.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { LockStore } from '../../store/lock-store.js';
import type { RequestReleaseRequest, ReleaseRequestSent } from './release-request.dto.js';

/** How often a user may ask for the same lock. Each request is an event, and the holders may act on each. */
const RATE = { attempts: 5, periodMs: 60_000 } as const;

/** Asks the holders of a lock to release it. */
@Injectable()
export class ReleaseRequester {
  readonly #limiter: RateLimiter;

  constructor(
    private readonly store: LockStore,
    private readonly access: Access,
    clock: Clock,
  ) {
    this.#limiter = new RateLimiter(clock, RATE);
  }

  /** Throws `forbidden`, `lock_not_found` if no one holds the lock, `rate_limited` and `numbers_exhausted`. */
  async request(
    lockName: LockName,
    { message }: RequestReleaseRequest,
    caller: Caller,
  ): Promise<ReleaseRequestSent> {
    this.access.assertMay(caller, 'observe', { lockName });
    this.#countAttempt(lockName, caller);
    const outcome = await this.store.execute({
      kind: 'request_release',
      lockName,
      requestedBy: caller.userId,
      message: message ?? null,
    });
    if (outcome.kind === 'lock_not_found') throw notHeld(lockName);
    if (outcome.kind === 'numbers_exhausted') throw new OctoStoreError(outcome.kind);
    return { status: 'release_requested', message: 'The holders learn of it when they next renew' };
  }

  #countAttempt(lockName: LockName, { userId }: Caller): void {
    const retryAfterMs = this.#limiter.attempt(`${userId} ${lockName}`);
    if (retryAfterMs === 0) return;
    const details = `You can ask for the same lock ${RATE.attempts} times a minute.`;
    throw new OctoStoreError('rate_limited', { details, retryAfterMs });
  }
}

function notHeld(lockName: LockName): OctoStoreError {
  return new OctoStoreError('lock_not_found', {
    details: `No lease holds "${lockName}", so there is no one to ask.`,
  });
}
