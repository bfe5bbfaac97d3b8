import type { FencingToken } from '../core/model/ids.js';
import type { LockName } from '../core/model/lock-name.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import { holdingOf, type Holding } from './holding.js';

/** How many events one page is made from at most. A commit that arrives in the meantime waits about two milliseconds. */
export const EVENTS_READ_MAX = 500;

/** The event log, as far as a history needs it. */
export interface LockEvents {
  ofLock(lockName: LockName, limit: number, before: number | null): Promise<LoggedEvent[]>;
  firstOf(lockName: LockName, fencingToken: number): Promise<LoggedEvent | null>;
}

/** Which part of a lock's history to read. */
export interface HistoryPart {
  readonly lockName: LockName;
  /** The maximum number of leases. */
  readonly limit: number;
  /** Only leases with a lower fencing token. */
  readonly before: FencingToken | null;
}

/** The leases that held a lock, latest grant first. */
export interface HistoryPage {
  readonly holdings: readonly Holding[];
  /** The fencing token before which to continue. Null if the log has no earlier leases. */
  readonly nextBefore: FencingToken | null;
}

/**
 * Reads one page of a lock's history. Its cost is bounded, however long the log is: if a lease was renewed very often, only its latest
 * renewals are read.
 */
export async function readHistory(log: LockEvents, query: HistoryPart): Promise<HistoryPage> {
  const { lockName, limit, before } = query;
  const events = await log.ofLock(lockName, EVENTS_READ_MAX, before);
  const isCut = events.length === EVENTS_READ_MAX;
  const leases = byLease(events);
  const whole = isCut && leases.length > 1 ? leases.slice(0, -1) : leases;
  const shown = whole.slice(0, limit);
  const holdings = shown.map((lease) => holdingOf(lease.toReversed()));
  const last = holdings.at(-1);
  const isMore = isCut || whole.length > limit;
  return {
    holdings: isCut && leases.length === 1 ? await withBeginning(log, lockName, holdings) : holdings,
    nextBefore: isMore && last !== undefined ? last.fencingToken : null,
  };
}

/** Adds when a lease began of which only the latest events were read. */
async function withBeginning(
  log: LockEvents,
  lockName: LockName,
  holdings: readonly Holding[],
): Promise<Holding[]> {
  const begun = holdings.map(async (holding) => {
    const first = await log.firstOf(lockName, holding.fencingToken);
    return first?.type === 'acquired' ? { ...holding, acquiredAt: first.at } : holding;
  });
  return Promise.all(begun);
}

/** Groups consecutive events of the same lease. */
function byLease(events: readonly LoggedEvent[]): LoggedEvent[][] {
  const leases: LoggedEvent[][] = [];
  for (const event of events) {
    const current = leases.at(-1);
    if (current?.[0]?.body.fencingToken === event.body.fencingToken) current.push(event);
    else leases.push([event]);
  }
  return leases;
}
