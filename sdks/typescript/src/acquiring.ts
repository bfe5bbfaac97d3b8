import type { Call, Caller, Outcome } from './calls.js';
import { checkCooling, checkTtl, checkWait, checkWaitSlice } from './checks.js';
import { LockHeldError, NotFoundError, OctoStoreError } from './errors.js';
import { Fields } from './fields.js';
import { LeaseKeeping, proofField, type Granted } from './lease-keeping.js';
import type { LeaseRoutes } from './lease-routes.js';
import type { LeaseFacts } from './lock-types.js';
import { RULES } from './rules.js';
import { briefLimits } from './limits.js';
import { delayMs, nowMs, pause, pauseInBackground } from './time.js';

/** What a lease is to be like, whatever it locks. */
export interface LeaseOptions {
  /** TTL of the lease, 1 to 3600 seconds, 60 by default. */
  readonly ttlSeconds?: number | undefined;
  /** How long to wait in line if you cannot have it now, in seconds. 0 by default, no upper limit. */
  readonly waitSeconds?: number | undefined;
  /** How long one request waits at most, 1 to 60 seconds. The client's by default. The wait then goes on with another request. */
  readonly waitSliceSeconds?: number | undefined;
  /** A note of at most 1024 bytes, shown to everyone who looks at the lock. */
  readonly metadata?: string | undefined;
  /** Ties the lease to a session. */
  readonly sessionId?: string | undefined;
  /** A UUID for the lease. A new one by default. */
  readonly leaseId?: string | undefined;
  /** Whether you want a proof of the lease. Anyone can verify it with the server's public keys, without asking the server. */
  readonly proof?: boolean | undefined;
  /**
   * For how many seconds no one gets a lock after its lease has expired, or its session, or someone has broken it: 0 to 60, 0
   * by default. Use it if the work that the lock protects may go on for a moment. All locks must be exclusive; otherwise the
   * acquire throws `ValidationError`.
   */
  readonly lockDelaySeconds?: number | undefined;
  /**
   * For how many seconds after the grant no one else gets a lock, even if you release it sooner: 0 to `ttlSeconds`, 0 by
   * default. All locks must be exclusive; otherwise the acquire throws `ValidationError`.
   */
  readonly minHoldSeconds?: number | undefined;
  /** Cancels the acquire. */
  readonly signal?: AbortSignal | undefined;
}

/** The pauses before attempts to release a lease that the server does not know, or not yet. */
const RELEASE_DELAYS_MS = [0, RULES.release_again_delay_ms_first, RULES.release_again_delay_ms_second];

/** How to give up an acquire whose outcome is unknown. */
export interface GivingUp {
  /** Whether to make only one short attempt to release the lease. */
  readonly isBrief?: boolean;
}

/** Acquires a lease, of one lock or of several. */
export class Acquiring<L extends LeaseFacts> {
  /** Keeps the lease. */
  readonly keeping: LeaseKeeping<L>;
  readonly #caller: Caller;
  readonly #routes: LeaseRoutes<L>;

  constructor(caller: Caller, routes: LeaseRoutes<L>) {
    this.keeping = new LeaseKeeping(caller, routes);
    this.#caller = caller;
    this.#routes = routes;
  }

  async acquire(options: LeaseOptions, givingUp: GivingUp = {}): Promise<Granted<L>> {
    const {
      waitSeconds = 0,
      waitSliceSeconds = this.#caller.waitSliceSeconds,
      leaseId = crypto.randomUUID(),
      ttlSeconds = RULES.ttl_seconds_default,
    } = options;
    checkTtl(ttlSeconds);
    checkWait(waitSeconds);
    checkWaitSlice(waitSliceSeconds);
    checkCooling(options.lockDelaySeconds, options.minHoldSeconds, ttlSeconds);
    const wait = { untilMs: nowMs() + waitSeconds * 1000, sliceSeconds: waitSliceSeconds };
    const outcome: Outcome = { isUnknown: false };
    const call: Call<L> = {
      request: this.#requestUntil(wait, { ...options, leaseId, ttlSeconds }),
      read: (text) => this.#routes.read(Fields.parse(text)),
      isSafe: true,
      outcome,
      signal: options.signal,
      ...(waitSeconds > 0 ? { patientUntilMs: wait.untilMs } : {}),
    };
    try {
      return await this.#waitFor(call, wait);
    } catch (error) {
      if (outcome.isUnknown && !isMismatch(error)) void this.#releaseAbandoned(leaseId, givingUp);
      throw error;
    }
  }

  #requestUntil(wait: Wait, options: LeaseOptions): Call<L>['request'] {
    const body = {
      ttl_seconds: options.ttlSeconds,
      lease_id: options.leaseId,
      metadata: options.metadata,
      session_id: options.sessionId,
      ...proofField(options),
      lock_delay_seconds: options.lockDelaySeconds,
      min_hold_seconds: options.minHoldSeconds,
    };
    return () => {
      const wait_seconds = nextWaitSeconds(wait);
      const timeoutMs = this.#caller.timeoutMs + wait_seconds * 1000;
      return { ...this.#routes.acquire({ ...body, wait_seconds }), timeoutMs };
    };
  }

  /** Asks for the lease, repeatedly if necessary, because one request can wait for only so long. */
  async #waitFor(call: Call<L>, wait: Wait): Promise<Granted<L>> {
    const firstAskedAtMs = nowMs();
    for (let refusals = 1; ; refusals += 1) {
      const askedAtMs = nowMs();
      const waitMs = nextWaitSeconds(wait) * 1000;
      try {
        const { value: lease, sentAtMs } = await this.#caller.call(call);
        // `held` means that an earlier attempt got the lease and its response was lost.
        return { lease, sentAtMs: lease.status === 'held' ? firstAskedAtMs : sentAtMs };
      } catch (error) {
        if (!(error instanceof LockHeldError) || nowMs() >= wait.untilMs) throw error;
        // Refused much too early. Pause, so as not to retry at full speed.
        if (nowMs() - askedAtMs < waitMs / 2) await pause(delayMs(refusals), call.signal);
      }
    }
  }

  /** In case the abandoned acquire was granted after all: otherwise the lock would stay held with no one using it. */
  async #releaseAbandoned(leaseId: string, { isBrief = false }: GivingUp): Promise<void> {
    for (const ms of RELEASE_DELAYS_MS) {
      if (ms > 0) await pauseInBackground(ms);
      try {
        return await this.keeping.release(leaseId, isBrief ? briefLimits() : {});
      } catch (error) {
        // The release may have overtaken the acquire, whose connection is different.
        if (!(error instanceof NotFoundError)) return;
      }
    }
  }
}

/** How long an acquire waits, and how long one request does. */
interface Wait {
  readonly untilMs: number;
  readonly sliceSeconds: number;
}

/** How long the next request may wait, in whole seconds. */
function nextWaitSeconds({ untilMs, sliceSeconds }: Wait): number {
  const seconds = Math.ceil((untilMs - nowMs()) / 1000);
  return Math.min(sliceSeconds, Math.max(0, seconds));
}

/** Whether the lease with this id is another one, which must not be released. */
function isMismatch(error: unknown): boolean {
  return error instanceof OctoStoreError && error.code === 'lease_mismatch';
}
