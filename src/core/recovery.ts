import type { Change } from './model/change.js';
import type { FencingToken, Sequence } from './model/ids.js';
import type { Lease } from './model/lease.js';
import type { Session } from './model/session.js';
import { afterSeconds, isPast, type Instant } from './model/time.js';
import { fits } from './rules/fit.js';
import { State } from './state/state.js';

/** What the journal remembers of the law's state. */
export interface DurableState {
  readonly leases: Iterable<Lease>;
  readonly sessions: Iterable<Session>;
  readonly lastFencingToken: FencingToken;
  readonly lastSequence: Sequence;
}

export interface Recovery {
  readonly state: State;
  /** Deadlines that recovery moved. They must be durable before anybody is told of them. */
  readonly changes: readonly Change[];
}

/**
 * Rebuilds the state at a start. What is still alive keeps its deadline but gets at least `graceSeconds` (or its own TTL,
 * if that is shorter) to renew, because its holder could not do so while the service was down. What passed its deadline
 * meanwhile has ended: it stays as it is, and the first sweep reports it.
 */
export function recover(durable: DurableState, now: Instant, graceSeconds: number): Recovery {
  const state = new State(durable.lastFencingToken, durable.lastSequence);
  const changes: Change[] = [];
  for (const session of durable.sessions) {
    state.apply({ kind: 'session_saved', session });
    const deadline = gracedDeadline(session, now, graceSeconds);
    if (session.state === 'active' && deadline !== session.deadline) {
      changes.push({ kind: 'session_saved', session: { ...session, deadline } });
    }
  }
  for (const lease of durable.leases) {
    const lock = state.lock(lease.lockName);
    if (lock !== null && !fits(lock)) throw new Error('an exclusive lock cannot have a second lease');
    state.apply({ kind: 'lease_granted', lease });
    const deadline = gracedDeadline(lease, now, graceSeconds);
    if (deadline !== lease.deadline) changes.push({ kind: 'lease_extended', lease: { ...lease, deadline } });
  }
  for (const change of changes) state.apply(change);
  return { state, changes };
}

function gracedDeadline(
  { deadline, ttlSeconds }: { deadline: Instant; ttlSeconds: number },
  now: Instant,
  graceSeconds: number,
): Instant {
  if (isPast(deadline, now)) return deadline;
  const earliest = afterSeconds(now, Math.min(ttlSeconds, graceSeconds));
  // Nothing can have more than its whole TTL left; a stored deadline beyond that comes from a clock that was set back.
  const latest = afterSeconds(now, ttlSeconds);
  return Math.min(latest, Math.max(earliest, deadline)) as Instant;
}
