import type { Call, Caller, Outcome } from './calls.js';
import { checkCooling, checkTtl, checkWait } from './checks.js';
import { LockHeldError, OctoStoreError } from './errors.js';
import { Fields } from './fields.js';
import { LeaseKeeping, proofField, type Granted } from './lease-keeping.js';
import type { LeaseRoutes } from './lease-routes.js';
import type { LeaseFacts } from './lock-types.js';
import { RULES, SEVERAL_SERVERS_RULES } from './rules.js';
import { delayMs, nowMs, pause } from './time.js';

/** What a lease is to be like, whatever it locks. */
export interface LeaseOptions {
  /** TTL of the lease, 1 to 3600 seconds, 60 by default. */
  readonly ttlSeconds?: number | undefined;
  /** How long to wait in line if you cannot have it now, in seconds. 0 by default, no upper limit. */
  readonly waitSeconds?: number | undefined;
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

  async acquire(options: LeaseOptions): Promise<Granted<L>> {
    const {
      waitSeconds = 0,
      leaseId = crypto.randomUUID(),
      ttlSeconds = RULES.ttl_seconds_default,
    } = options;
    checkTtl(ttlSeconds);
    checkWait(waitSeconds);
    checkCooling(options.lockDelaySeconds, options.minHoldSeconds, ttlSeconds);
    const untilMs = nowMs() + waitSeconds * 1000;
    const outcome: Outcome = { isUnknown: false };
    const call: Call<L> = {
      request: this.#requestUntil(untilMs, { ...options, leaseId, ttlSeconds }),
      read: (text) => this.#routes.read(Fields.parse(text)),
      isSafe: true,
      outcome,
      signal: options.signal,
    };
    try {
      return await this.#waitFor(call, untilMs);
    } catch (error) {
      if (outcome.isUnknown && !isMismatch(error)) this.#releaseInBackground(leaseId);
      throw error;
    }
  }

  #requestUntil(untilMs: number, options: LeaseOptions): Call<L>['request'] {
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
      const wait_seconds = this.#waitSecondsUntil(untilMs);
      const timeoutMs = this.#caller.timeoutMs + wait_seconds * 1000;
      return { ...this.#routes.acquire({ ...body, wait_seconds }), timeoutMs };
    };
  }

  /** How long the next request may wait, in whole seconds. */
  #waitSecondsUntil(untilMs: number): number {
    const seconds = Math.ceil((untilMs - nowMs()) / 1000);
    return Math.min(this.#waitSecondsMax, Math.max(0, seconds));
  }

  /** While a request waits, nothing tells a server that is frozen. So if there is another one to ask, a request waits for less long. */
  get #waitSecondsMax(): number {
    const hasOthers = this.#caller.servers.urls.length > 1;
    return hasOthers ? SEVERAL_SERVERS_RULES.wait_seconds_per_server_max : RULES.wait_seconds_per_request_max;
  }

  /** Asks for the lease, repeatedly if necessary, because one request can wait for only so long. */
  async #waitFor(call: Call<L>, untilMs: number): Promise<Granted<L>> {
    const firstAskedAtMs = nowMs();
    for (let refusals = 1; ; refusals += 1) {
      const askedAtMs = nowMs();
      const waitMs = this.#waitSecondsUntil(untilMs) * 1000;
      try {
        const { value: lease, sentAtMs } = await this.#caller.call(call);
        // `held` means that an earlier attempt got the lease and its response was lost.
        return { lease, sentAtMs: lease.status === 'held' ? firstAskedAtMs : sentAtMs };
      } catch (error) {
        if (!(error instanceof LockHeldError) || nowMs() >= untilMs) throw error;
        // Refused much too early. Pause, so as not to retry at full speed.
        if (nowMs() - askedAtMs < waitMs / 2) await pause(delayMs(refusals), call.signal);
      }
    }
  }

  /** In case the abandoned acquire was granted after all: otherwise the lock would stay held with no one using it. */
  #releaseInBackground(leaseId: string): void {
    this.keeping.release(leaseId).catch(() => undefined);
  }
}

/** Whether the lease with this id is another one, which must not be released. */
function isMismatch(error: unknown): boolean {
  return error instanceof OctoStoreError && error.code === 'lease_mismatch';
}
