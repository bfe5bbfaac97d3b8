import type { Hold } from '../core/model/demand.js';
import type { EventActor } from '../core/model/event.js';
import type { FencingToken } from '../core/model/ids.js';
import type { Holder } from '../core/model/lease.js';
import type { LockName } from '../core/model/lock-name.js';
import type { LoggedEvent } from '../journal/logged-event.js';

/** How a lease ended. */
export type HoldingEnd =
  | { readonly kind: 'released' }
  /** Its TTL ran out. */
  | { readonly kind: 'expired' }
  /** Its session received no keepalive in time. */
  | { readonly kind: 'session_expired' }
  | { readonly kind: 'broken'; readonly by: EventActor; readonly reason: string };

/** A request to release the lock while the lease held it. */
export interface ReleaseRequested {
  readonly at: number;
  readonly by: EventActor;
  readonly message: string | null;
}

/** A renewal when little time was left. In milliseconds. */
export interface LateRenewal {
  readonly marginMs: number;
  readonly ttlMs: number;
}

/** A renewal is late if less than this share of the TTL was left. Clients should renew when a half or two thirds are left. */
const LATE_SHARE = 1 / 5;

/** How many requests to release are remembered of one lease, the latest ones. */
const RELEASE_REQUESTS_MAX = 10;

const NO_REQUESTS: readonly ReleaseRequested[] = [];

/**
 * The time that one lease held one lock, as its events tell it. Times are wall-clock milliseconds, as exact as the clock of the server
 * was. It grows with the events.
 */
export class Holding {
  readonly lockName: LockName;
  readonly fencingToken: FencingToken;
  readonly holder: Holder;
  readonly metadata: string | null;
  #hold: Hold;
  #acquiredAt: number | null = null;
  #expiresAt: number | null = null;
  #lastRenewedAt: number | null = null;
  #renewals = 0;
  #leastMarginMs: number | null = null;
  #lateRenewal: LateRenewal | null = null;
  #ttlMs: number | null = null;
  #endedAt: number | null = null;
  #end: HoldingEnd | null = null;
  #releaseRequests = NO_REQUESTS;

  /** @param first the first known event of the lease on this lock. It need not be its grant. */
  constructor(first: LoggedEvent) {
    const { fencingToken, holder, hold, metadata } = first.body;
    this.lockName = first.subject.lockName;
    this.fencingToken = fencingToken;
    this.holder = holder;
    this.metadata = metadata;
    this.#hold = hold;
    this.add(first);
  }

  get hold(): Hold {
    return this.#hold;
  }

  /** Null if the grant is not known. */
  get acquiredAt(): number | null {
    return this.#acquiredAt;
  }

  /** Null if the lease still holds the lock. */
  get end(): HoldingEnd | null {
    return this.#end;
  }

  get endedAt(): number | null {
    return this.#endedAt;
  }

  /** Null if no renewal is known. */
  get lastRenewedAt(): number | null {
    return this.#lastRenewedAt;
  }

  get renewals(): number {
    return this.#renewals;
  }

  /** The least time, in milliseconds, that was left when it was renewed. Null if that is not known. */
  get leastMarginMs(): number | null {
    return this.#leastMarginMs;
  }

  /** Null if the last renewal was in good time, or is not known. */
  get lateRenewal(): LateRenewal | null {
    return this.#lateRenewal;
  }

  /** The latest ones, in order of time. */
  get releaseRequests(): readonly ReleaseRequested[] {
    return this.#releaseRequests;
  }

  /** @param event the next one of this lease on this lock. */
  add(event: LoggedEvent): void {
    const { type, at } = event;
    switch (type) {
      case 'acquired':
        this.#acquiredAt = at;
        this.#lasts(at, event.body.expiresAt);
        return;
      case 'renewed':
        this.#renew(event);
        return;
      case 'release_requested':
        this.#ask({ at, by: event.actor, message: event.body.message });
        return;
      case 'released':
        this.#finish(at, { kind: 'released' });
        return;
      case 'expired':
        this.#finish(at, { kind: this.#isBeforeExpiry(at) ? 'session_expired' : 'expired' });
        return;
      case 'warning':
        return;
      case 'broken':
        this.#finish(at, { kind: 'broken', by: event.actor, reason: event.body.reason });
        return;
      default:
        unreachable(event);
    }
  }

  #renew({ at, body }: LoggedEvent<'renewed'>): void {
    this.#lateRenewal = null;
    if (this.#expiresAt !== null && this.#ttlMs !== null) {
      const [marginMs, ttlMs] = [Math.max(0, this.#expiresAt - at), this.#ttlMs];
      this.#leastMarginMs = Math.min(marginMs, this.#leastMarginMs ?? marginMs);
      if (marginMs < ttlMs * LATE_SHARE) this.#lateRenewal = { marginMs, ttlMs };
    }
    // A conversion is a renewal that changes how the lock is held.
    this.#hold = body.hold;
    this.#lasts(at, body.expiresAt);
    this.#lastRenewedAt = at;
    this.#renewals += 1;
  }

  #lasts(from: number, until: number): void {
    this.#expiresAt = until;
    this.#ttlMs = until - from;
  }

  #ask(request: ReleaseRequested): void {
    this.#releaseRequests = [...this.#releaseRequests, request].slice(-RELEASE_REQUESTS_MAX);
  }

  #finish(at: number, end: HoldingEnd): void {
    this.#endedAt = at;
    this.#end = end;
  }

  /** Only with its session does a lease end before its time is up. */
  #isBeforeExpiry(at: number): boolean {
    return this.holder.sessionId !== null && this.#expiresAt !== null && at < this.#expiresAt;
  }
}

function unreachable(event: never): never {
  throw new Error(`unexpected event: ${JSON.stringify(event)}`);
}
