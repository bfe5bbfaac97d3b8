import type { EventActor } from '../core/model/event.js';
import type { Hold } from '../core/model/demand.js';
import type { FencingToken } from '../core/model/ids.js';
import type { Holder } from '../core/model/lease.js';
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

/**
 * The time that one lease held one lock, as far as the event log tells it. Times are wall-clock milliseconds. They are as exact as the
 * clock of the server was.
 */
export interface Holding {
  readonly fencingToken: FencingToken;
  readonly holder: Holder;
  readonly hold: Hold;
  readonly metadata: string | null;
  /** Null if the event is no longer in the log. */
  readonly acquiredAt: number | null;
  readonly endedAt: number | null;
  /** Null if the log has no end: then the lease still holds the lock. */
  readonly end: HoldingEnd | null;
  /** When it would have expired without another renewal. Null if the log does not tell. */
  readonly expiresAt: number | null;
  readonly lastRenewedAt: number | null;
  /** How many renewals were read. There may be earlier ones. */
  readonly renewals: number;
  /** The least time, in milliseconds, that was left when it was renewed. Null if it was not renewed. */
  readonly leastMarginMs: number | null;
  /** In order of time. */
  readonly releaseRequests: readonly ReleaseRequested[];
}

/** @param events those of one lease of one lock, in order of sequence. At least one. The first ones may be missing. */
export function holdingOf(events: readonly LoggedEvent[]): Holding {
  const builder = new HoldingBuilder();
  for (const event of events) builder.add(event);
  return builder.holding(events);
}

type Live = LoggedEvent<'acquired' | 'renewed'>;

class HoldingBuilder {
  #acquiredAt: number | null = null;
  #last: Live | null = null;
  #lastRenewedAt: number | null = null;
  #renewals = 0;
  #leastMarginMs: number | null = null;
  #end: { readonly at: number; readonly how: HoldingEnd } | null = null;
  readonly #releaseRequests: ReleaseRequested[] = [];

  add(event: LoggedEvent): void {
    switch (event.type) {
      case 'acquired':
        this.#acquiredAt = event.at;
        this.#last = event;
        return;
      case 'renewed':
        this.#renew(event);
        return;
      case 'release_requested':
        this.#releaseRequests.push({ at: event.at, by: event.actor, message: event.body.message });
        return;
      case 'released':
        this.#end = { at: event.at, how: { kind: 'released' } };
        return;
      case 'expired':
        this.#end = { at: event.at, how: this.#expiry(event) };
        return;
      case 'broken':
        this.#end = { at: event.at, how: { kind: 'broken', by: event.actor, reason: event.body.reason } };
        return;
      default:
        unreachable(event);
    }
  }

  holding(events: readonly LoggedEvent[]): Holding {
    const latest = events.at(-1);
    if (latest === undefined) throw new Error('a holding has at least one event');
    const { fencingToken, holder, hold, metadata } = latest.body;
    return {
      fencingToken,
      holder,
      hold,
      metadata,
      acquiredAt: this.#acquiredAt,
      endedAt: this.#end?.at ?? null,
      end: this.#end?.how ?? null,
      expiresAt: this.#last?.body.expiresAt ?? null,
      lastRenewedAt: this.#lastRenewedAt,
      renewals: this.#renewals,
      leastMarginMs: this.#leastMarginMs,
      releaseRequests: this.#releaseRequests,
    };
  }

  #renew(event: LoggedEvent<'renewed'>): void {
    const margin = this.#last === null ? null : this.#last.body.expiresAt - event.at;
    if (margin !== null) this.#leastMarginMs = Math.min(margin, this.#leastMarginMs ?? margin);
    this.#last = event;
    this.#lastRenewedAt = event.at;
    this.#renewals += 1;
  }

  /** A lease that ends before its time is up ends with its session. */
  #expiry({ at, body }: LoggedEvent<'expired'>): HoldingEnd {
    const isEarly = this.#last !== null && at < this.#last.body.expiresAt;
    return { kind: isEarly && body.holder.sessionId !== null ? 'session_expired' : 'expired' };
  }
}

function unreachable(event: never): never {
  throw new Error(`unexpected event: ${JSON.stringify(event)}`);
}
