import { CLOCK, inBackground } from './clock.js';
import { NotFoundError } from './errors.js';
import { lossOf } from './loss.js';
import { Route } from './route.js';
import { RULES } from './rules.js';
import type { Servers } from './servers.js';
import { nowMs, pauseInBackground } from './time.js';

/** How to send one attempt. */
export interface Sending {
  /** The base URL of the server. */
  readonly server: string;
  /** In milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Something on the server that expires unless it is renewed: a lease or a session. */
export interface Renewable {
  /** For messages, such as `the lock "a/b"`. */
  readonly what: string;
  readonly ttlMs: number;
  /** When the request that granted it or last renewed it was sent, on the clock of leases. */
  readonly provedAtMs: number;
  /** Timeout of one attempt, in milliseconds. It is less if the TTL is short. */
  readonly timeoutMs: number;
  readonly servers: Servers;
  /** One attempt. Resolves with the time it was sent. Throws `NotFoundError` if it no longer exists. */
  readonly renew: (sending: Sending) => Promise<number>;
  /** The session that this belongs to. This ends with it. */
  readonly within?: Keeper | undefined;
}

/** Renews a lease or session in the background, and signals its loss when it may have expired. */
export class Keeper {
  readonly #thing: Renewable;
  readonly #lost = new AbortController();
  readonly #over = new AbortController();
  #provedAtMs: number;
  #isGone = false;
  #lossTimer: ReturnType<typeof setTimeout> | undefined;
  #tellRenewal: (() => void) | undefined;
  readonly #endWithOuter: () => void;
  readonly #stopWatchingClock: () => void;
  /** Ends the pause before the next renewal. */
  #nap = new AbortController();

  constructor(thing: Renewable) {
    this.#thing = thing;
    this.#provedAtMs = thing.provedAtMs;
    const outer = thing.within?.over;
    this.#endWithOuter = () => this.#loseWithSession();
    this.#stopWatchingClock = CLOCK.onSuspended(() => this.#catchUp());
    outer?.addEventListener('abort', this.#endWithOuter, { once: true });
    if (outer?.aborted === true) this.#endWithOuter();
    this.#armLoss();
    // It rejects only when it is lost or stopped, and the signals report that.
    this.#keep().catch(() => undefined);
  }

  /** Aborted when it is lost, with a `NotFoundError` that says why. If it was broken, that is a `LeaseBrokenError`. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Aborted when it is lost or stopped. Nothing happens in the background from then on. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Checks the clock, so it is correct even if timers are late, as after the process was paused. */
  get isLost(): boolean {
    if (!this.#over.signal.aborted && nowMs() >= this.#lossAtMs) this.#loseByTime();
    return this.#lost.signal.aborted || this.#thing.within?.isLost === true;
  }

  /** Whether the server has reported that it has ended. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Milliseconds that are certain to be left. 0 once it is lost. */
  get remainingMs(): number {
    if (this.isLost) return 0;
    const ownMs = Math.max(0, this.#provedAtMs + this.#thing.ttlMs - nowMs());
    return Math.min(ownMs, this.#thing.within?.remainingMs ?? Infinity);
  }

  /** Calls the listener after each renewal. Replaces any previous listener. */
  onRenewed(listener: () => void): void {
    this.#tellRenewal = listener;
  }

  /** The server has reported that it has ended. */
  lose(cause: NotFoundError): void {
    this.#lose('it has ended on the server', cause);
  }

  /** Its handle was forgotten. Stops renewing, and signals the loss. Returns what it is, for messages. */
  abandon(): string {
    this.#lose('its handle was forgotten');
    return this.#thing.what;
  }

  /** Stops renewing. */
  stop(): void {
    this.#over.abort();
    this.#nap.abort();
    this.#stopWatchingClock();
    clearTimeout(this.#lossTimer);
    this.#thing.within?.over.removeEventListener('abort', this.#endWithOuter);
  }

  get #lossAtMs(): number {
    const { ttlMs } = this.#thing;
    return this.#provedAtMs + ttlMs - marginMs(ttlMs);
  }

  async #keep(): Promise<void> {
    for (;;) {
      const dueMs = this.#provedAtMs + this.#thing.ttlMs / RULES.renewals_per_ttl;
      await this.#pauseUntil(dueMs);
      await this.#renew();
    }
  }

  /** Ends earlier if the machine was suspended. */
  async #pauseUntil(dueMs: number): Promise<void> {
    while (nowMs() < dueMs && !this.#over.signal.aborted) {
      this.#nap = new AbortController();
      await pauseInBackground(dueMs - nowMs(), this.#nap.signal).catch(() => undefined);
    }
    this.#over.signal.throwIfAborted();
  }

  /** Timers do not count the time for which the machine was suspended. */
  #catchUp(): void {
    this.#armLoss();
    this.#nap.abort();
  }

  async #renew(): Promise<void> {
    const { renew, servers, ttlMs } = this.#thing;
    const { signal } = this.#over;
    const periodMs = ttlMs / RULES.renewals_per_ttl;
    const timeoutMs = renewalTimeoutMs(this.#thing);
    const route = new Route(servers);
    for (;;) {
      try {
        this.#prove(await renew({ server: route.url, timeoutMs, signal }));
        return;
      } catch (error) {
        if (error instanceof NotFoundError) this.lose(error);
        await pauseInBackground(Math.min(periodMs, route.next(error) ?? periodMs), signal);
      }
    }
  }

  #prove(sentAtMs: number): void {
    if (this.#over.signal.aborted) return;
    this.#provedAtMs = Math.max(this.#provedAtMs, sentAtMs);
    this.#armLoss();
    this.#tellRenewal?.();
  }

  #armLoss(): void {
    clearTimeout(this.#lossTimer);
    if (this.#over.signal.aborted) return;
    const leftMs = Math.max(0, this.#lossAtMs - nowMs());
    this.#lossTimer = inBackground(setTimeout(() => this.#loseByTime(), leftMs));
  }

  #loseByTime(): void {
    this.#lose('it could not be renewed in time');
  }

  #loseWithSession(): void {
    if (this.#over.signal.aborted) return;
    this.#lose('its session has ended');
    this.#isGone = this.#thing.within?.isGone ?? false;
  }

  #lose(why: string, cause?: NotFoundError): void {
    if (this.#over.signal.aborted) return;
    this.#isGone = cause !== undefined;
    this.stop();
    this.#lost.abort(lossOf(this.#thing.what, why, cause));
  }
}

/** Timeout of one attempt at a renewal, in milliseconds. So that a server that hangs does not cost the lease, it is short. */
export function renewalTimeoutMs({ ttlMs, timeoutMs }: Pick<Renewable, 'ttlMs' | 'timeoutMs'>): number {
  return Math.min(timeoutMs, ttlMs / RULES.renewal_timeouts_per_ttl);
}

/** How long before its TTL ends a lease or session counts as lost, in milliseconds. */
export function marginMs(ttlMs: number): number {
  return Math.min(RULES.margin_ms_max, Math.max(RULES.margin_ms_min, ttlMs * RULES.margin_fraction));
}
