import type { Hold } from '../../../src/core/model/demand.js';
import { goTogether } from '../law/go-together.js';
import { describeGrant, type Grant } from './history.js';

/** An event as a watch stream sends it. */
export interface LoggedEvent {
  readonly sequence: number;
  readonly event: string;
  readonly lock: string;
  readonly fencing_token: number | null;
  readonly timestamp: string;
  readonly expires_at?: string;
  /** How the lease holds the lock. */
  readonly mode?: string;
  readonly limit?: number;
  readonly slots?: readonly number[];
  /** Who does not ask for events of breaks learns of them as the end of a lease. */
  readonly cause?: string;
}

/** The prefix of locks whose leases belong to sessions. They may end before their own deadline. */
export const SESSION_LOCKS = 'session/';

/**
 * Checks an event log. It has no gap, and its tokens strictly increase. The leases that hold a lock go together, and only they
 * are renewed and ended. None expires before the end that clients last received, and every acknowledged grant is in the log.
 * Returns a sentence for each violation.
 */
export function logViolations(events: readonly LoggedEvent[], grants: readonly Grant[]): string[] {
  const log = new EventLogCheck();
  for (const event of events) log.add(event);
  return [...log.violations, ...log.missing(grants)];
}

class EventLogCheck {
  readonly violations: string[] = [];
  /** The last event of each lease that holds a lock. */
  readonly #held = new Map<string, readonly LoggedEvent[]>();
  /** The locks of each token: several if one lease holds them. */
  readonly #locks = new Map<number, Set<string>>();
  #lastSequence: number | null = null;
  #lastToken = 0;

  add(event: LoggedEvent): void {
    const before = this.#lastSequence;
    this.#lastSequence = event.sequence;
    if (before !== null && event.sequence !== before + 1)
      this.violations.push(`event ${event.sequence} follows event ${before}`);
    if (event.event === 'acquired') this.#acquired(event);
    // A warning changes no lease.
    else if (event.event !== 'warning') this.#ofLease(event);
  }

  missing(grants: readonly Grant[]): string[] {
    const absent = grants.filter(({ token, lockName }) => this.#locks.get(token)?.has(lockName) !== true);
    return absent.map((grant) => `${describeGrant(grant)} is not in the event log`);
  }

  #acquired(event: LoggedEvent): void {
    const { lock, fencing_token: token } = event;
    const others = this.#held.get(lock) ?? [];
    if (token === null || !this.#mayFollow(token, lock))
      this.violations.push(`token ${token} follows token ${this.#lastToken}`);
    else this.#locks.set(token, new Set([...(this.#locks.get(token) ?? []), lock]));
    this.#lastToken = token ?? this.#lastToken;
    const isWrong = !goTogether([...others, event].map(holdOf));
    if (isWrong) this.violations.push(`event ${event.sequence}: ${lock} was acquired while held`);
    this.#held.set(lock, [...(isWrong ? [] : others), event]);
  }

  /** A new token is higher. The same token follows only for another lock of its lease. */
  #mayFollow(token: number, lock: string): boolean {
    return (
      token > this.#lastToken || (token === this.#lastToken && this.#locks.get(token)?.has(lock) === false)
    );
  }

  #ofLease(event: LoggedEvent): void {
    const { lock } = event;
    const held = this.#held.get(lock) ?? [];
    const lease = leaseOf(event, held);
    if (lease === undefined) {
      this.violations.push(
        `event ${event.sequence}: ${lock} was ${event.event} by a lease that did not hold it`,
      );
      return;
    }
    if (event.event === 'expired' && !mayExpire(event, lease))
      this.violations.push(`event ${event.sequence}: ${lock} expired before ${lease.expires_at}`);
    const others = held.filter((other) => other !== lease);
    this.#held.set(lock, event.event === 'renewed' ? [...others, { ...lease, ...event }] : others);
  }
}

/** The lease that an event is about. The end of a lease comes without its token. Then it is the lease that is due first. */
function leaseOf({ fencing_token }: LoggedEvent, held: readonly LoggedEvent[]): LoggedEvent | undefined {
  if (fencing_token !== null) return held.find((lease) => lease.fencing_token === fencing_token);
  return held.toSorted((a, b) => endOf(a) - endOf(b))[0];
}

function holdOf({ mode, limit = 0, slots = [] }: LoggedEvent): Hold {
  if (mode === 'counted') return { mode, limit, slots };
  return { mode: mode === 'shared' ? 'shared' : 'exclusive' };
}

function mayExpire({ lock, timestamp, cause }: LoggedEvent, lease: LoggedEvent): boolean {
  return cause === 'broken' || lock.startsWith(SESSION_LOCKS) || Date.parse(timestamp) > endOf(lease);
}

function endOf({ expires_at }: LoggedEvent): number {
  return Date.parse(expires_at ?? '');
}
