import type { BrokenLease } from './model/broken-lease.js';
import type { Change } from './model/change.js';
import type { Cooling } from './model/cooling.js';
import type { Fence } from './model/fence.js';
import type { FencingToken, Sequence } from './model/ids.js';
import { demandOf } from './model/demand.js';
import { locksOf, type Lease } from './model/lease.js';
import { MIN_HOLD_SECONDS } from './model/limits.js';
import type { LockName } from './model/lock-name.js';
import type { Session } from './model/session.js';
import { afterSeconds, isPast, type Instant } from './model/time.js';
import { fits } from './rules/fit.js';
import { State } from './state/state.js';

/** The part of the state that the journal keeps. */
export interface DurableState {
  readonly leases: Iterable<Lease>;
  readonly sessions: Iterable<Session>;
  readonly coolings: Iterable<Cooling>;
  readonly brokenLeases: Iterable<BrokenLease>;
  readonly fences: Iterable<Fence>;
  readonly lastFencingToken: FencingToken;
  readonly lastSequence: Sequence;
}

export interface Recovery {
  readonly state: State;
  /** The deadlines that recovery moved. Commit these before you answer any client. */
  readonly changes: readonly Change[];
}

/**
 * Rebuilds the state at startup. A live lease or session keeps its deadline, but gets at least `graceSeconds` (or its own TTL
 * if that is shorter) to renew, because its holder could not renew while the service was down. One whose deadline has passed
 * is not changed. The first sweep ends it and reports it.
 */
export function recover(durable: DurableState, now: Instant, graceSeconds: number): Recovery {
  const state = new State(durable.lastFencingToken, durable.lastSequence);
  const changes: Change[] = [];
  for (const session of durable.sessions) {
    state.apply({ kind: 'session_saved', session });
    const deadline = deadlineWithGrace(session, now, graceSeconds);
    if (session.state === 'active' && deadline !== session.deadline) {
      changes.push({ kind: 'session_saved', session: { ...session, deadline } });
    }
  }
  for (const lease of durable.leases) {
    assertFits(state, lease);
    state.apply({ kind: 'lease_granted', lease });
    const deadline = deadlineWithGrace(lease, now, graceSeconds);
    if (deadline !== lease.deadline) changes.push({ kind: 'lease_extended', lease: { ...lease, deadline } });
  }
  for (const cooling of durable.coolings) {
    assertIsFree(state, cooling.lockName);
    state.apply({ kind: 'cooling_began', cooling: atMost(MIN_HOLD_SECONDS.max, cooling, now) });
  }
  for (const broken of durable.brokenLeases) state.apply({ kind: 'broken_lease_saved', broken });
  for (const fence of durable.fences) state.apply({ kind: 'fence_saved', fence });
  for (const change of changes) state.apply(change);
  return { state, changes };
}

/** Throws if the lease cannot hold its locks beside those that were granted before. */
function assertFits(state: State, lease: Lease): void {
  for (const { lockName, hold } of locksOf(lease)) {
    const lock = state.lock(lockName);
    if (lock === null || fits(lock, demandOf(hold))) continue;
    throw new Error(`the journal has leases of the lock "${lockName}" that cannot hold it together`);
  }
}

/** Throws if a lease holds a lock that is kept from everyone. */
function assertIsFree(state: State, lockName: LockName): void {
  if (state.lock(lockName) === null) return;
  throw new Error(`the journal has a lease of the lock "${lockName}", which no one may hold yet`);
}

/** No lock can cool for longer than that. If a stored one does, the clock was set back. */
function atMost(seconds: number, cooling: Cooling, now: Instant): Cooling {
  return { ...cooling, until: Math.min(cooling.until, afterSeconds(now, seconds)) as Instant };
}

function deadlineWithGrace(
  { deadline, ttlSeconds }: { deadline: Instant; ttlSeconds: number },
  now: Instant,
  graceSeconds: number,
): Instant {
  if (isPast(deadline, now)) return deadline;
  const earliest = afterSeconds(now, Math.min(ttlSeconds, graceSeconds));
  // No deadline can be further away than the TTL. If a stored one is, the clock was set back.
  const latest = afterSeconds(now, ttlSeconds);
  return Math.min(latest, Math.max(earliest, deadline)) as Instant;
}
