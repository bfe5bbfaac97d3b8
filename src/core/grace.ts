import type { Lease } from './model/lease.js';
import type { Session } from './model/session.js';
import { afterSeconds, isPast, type Instant } from './model/time.js';
import type { DurableState } from './recovery.js';

/**
 * Time to renew that a take-over has given. No holder could renew between the last commit of one leader and the start of the next. It is
 * kept as a rule, which applies to the rows that are loaded, because rewriting a million rows would take longer than the outage.
 */
export interface Grace {
  /** The last instant that the old leader has committed. What was alive then gets the grace. */
  readonly lastInstant: Instant;
  /** When the new leader began. */
  readonly now: Instant;
  readonly seconds: number;
}

/** What the next leader must know of the graces that earlier ones gave. */
export interface GraceRecord {
  /** When the last leader began. */
  readonly began: Instant;
  /** The oldest first. */
  readonly graces: readonly Grace[];
}

/**
 * How long a grace is kept after everything that it may have extended has ended, in seconds. In this time a sweep records those ends, at
 * the instants that the grace gave.
 */
const KEPT_SECONDS = 60;

/**
 * The record of a term that takes over. It gives a new grace only if the last leader served for at least as long, so that leaders which
 * keep crashing extend nothing forever.
 *
 * @param record null if no leader has written one.
 */
export function nextRecord(
  record: GraceRecord | null,
  lastInstant: Instant,
  now: Instant,
  graceSeconds: number,
): GraceRecord {
  const graces = record?.graces.filter((grace) => canMatter(grace, lastInstant)) ?? [];
  const hasServed = record === null || lastInstant >= afterSeconds(record.began, graceSeconds);
  if (!hasServed || graceSeconds === 0) return { began: now, graces };
  return { began: now, graces: [...graces, { lastInstant, now, seconds: graceSeconds }] };
}

/** The deadlines of all that is alive, with the graces that its rows do not contain. */
export function withGraces(durable: DurableState, graces: readonly Grace[]): DurableState {
  if (graces.length === 0) return durable;
  return {
    ...durable,
    leases: map(durable.leases, (lease) => extended(lease, graces)),
    sessions: map(durable.sessions, (session) => extended(session, graces)),
  };
}

/** When a lease or session with this deadline ends, with the graces since it was written. Never earlier than the deadline. */
export function deadlineWithGraces(deadline: Instant, ttlSeconds: number, graces: readonly Grace[]): Instant {
  return graces.reduce((extendedTo, { lastInstant, now, seconds }) => {
    if (extendedTo <= lastInstant) return extendedTo;
    return Math.max(extendedTo, afterSeconds(now, Math.min(ttlSeconds, seconds))) as Instant;
  }, deadline);
}

function canMatter({ now, seconds }: Grace, lastInstant: Instant): boolean {
  return !isPast(afterSeconds(now, seconds + KEPT_SECONDS), lastInstant);
}

function extended<T extends Lease | Session>(value: T, graces: readonly Grace[]): T {
  if ('state' in value && value.state === 'expired') return value;
  const deadline = deadlineWithGraces(value.deadline, value.ttlSeconds, graces);
  return deadline === value.deadline ? value : { ...value, deadline };
}

function* map<T>(values: Iterable<T>, change: (value: T) => T): Iterable<T> {
  for (const value of values) yield change(value);
}
