import type { Hold } from '../../../src/core/model/demand.js';
import { afterBreak, NOT_COOLING, type CoolingEnd, type LeaseCooling } from './cooling.js';
import type { Operation, Tag } from './operation.js';
import type { Passage } from './outages.js';
import type { SessionFacts } from './session-facts.js';

/** How late a lease or a cooling may end. The server reads its clock in whole milliseconds, rounded down. */
export const ROUNDING_MS = 1;

/** The numbers between these two, without them. */
export interface TokenRange {
  readonly above: number;
  readonly below: number;
}

/** A lease that holds the lock. No other has its tag. */
export interface HeldLease {
  readonly tag: Tag;
  /** Null until an answer has shown it. */
  readonly token: number | null;
  /** Until its token is known: between which numbers that is, because tokens increase with each grant. */
  readonly tokenRange: TokenRange;
  readonly session: SessionFacts | null;
  /** A counted lease has no slots here until an answer has shown them. */
  readonly hold: Hold;
  readonly ttlMs: number;
  readonly cooling: LeaseCooling;
  /** The earliest moment that may be its deadline. */
  readonly endableFromMs: number;
  /** The latest moment that may be its deadline. */
  readonly endsByMs: number;
  /** Until then, the server may revoke the grant. */
  readonly isAcknowledged: boolean;
}

/** One lock after the operations that have their places in the order so far. Immutable. */
export interface LockState {
  /** In the order of their grants. */
  readonly leases: readonly HeldLease[];
  readonly highestToken: number;
  /** The last change took effect at this moment or later. */
  readonly sinceMs: number;
  /** Before the end of this, no lease is granted. */
  readonly cooling: CoolingEnd;
}

export const FRESH: LockState = { leases: [], highestToken: 0, sinceMs: 0, cooling: NOT_COOLING };

/** The deadline of the lease was last set at this moment or later. Only restarts after that have moved it. */
export function lastSetMs({ endableFromMs, ttlMs }: HeldLease): number {
  return endableFromMs - ttlMs;
}

/** The state after all leases have been ended, some of them by a break at some moment from `callMs` to `latestMs`. */
export function brokenAll(
  state: LockState,
  callMs: number,
  latestMs: number,
  broken: ReadonlySet<HeldLease>,
  passage: Passage,
): LockState {
  const sinceMs = Math.max(state.sinceMs, callMs);
  const cooling = [...broken].reduce(
    (_, lease) => coolingIf(lease, afterBreak(lease.cooling, { fromMs: sinceMs, byMs: latestMs }, passage)),
    state.cooling,
  );
  return { ...state, leases: [], sinceMs, cooling };
}

/** Only what was held exclusively cools. */
export function coolingIf({ hold }: HeldLease, cooling: CoolingEnd): CoolingEnd {
  return hold.mode === 'exclusive' ? cooling : NOT_COOLING;
}

/** Whether the lock may still cool when the operation begins. */
export function mayCool({ cooling }: LockState, { callMs }: Operation): boolean {
  return cooling.byMs + ROUNDING_MS >= callMs;
}

/** The state without a lease that did not end before `endMs`. */
export function without(state: LockState, lease: HeldLease, endMs: number, cooling: CoolingEnd): LockState {
  const leases = state.leases.filter((other) => other !== lease);
  return { leases, highestToken: state.highestToken, sinceMs: Math.max(state.sinceMs, endMs), cooling };
}

export function replaced(state: LockState, lease: HeldLease): LockState {
  return { ...state, leases: state.leases.map((other) => (other.tag === lease.tag ? lease : other)) };
}

/** The token of a lease has become known. What was granted before has a lower one, and what was granted after it a higher one. */
export function revealed(state: LockState, lease: HeldLease, token: number): LockState {
  const place = state.leases.indexOf(lease);
  const leases = state.leases.map((other, index) => {
    if (index === place) return { ...lease, token };
    return index < place ? grantedBefore(other, token) : grantedAfter(other, token);
  });
  return { ...state, leases, highestToken: Math.max(state.highestToken, token) };
}

/** The same lease, whose token is lower than this one. */
export function grantedBefore(lease: HeldLease, token: number): HeldLease {
  const { above, below } = lease.tokenRange;
  return lease.token !== null || below <= token ? lease : { ...lease, tokenRange: { above, below: token } };
}

function grantedAfter(lease: HeldLease, token: number): HeldLease {
  const { above, below } = lease.tokenRange;
  return lease.token !== null || above >= token ? lease : { ...lease, tokenRange: { above: token, below } };
}

export function extended(
  state: LockState,
  { tag, ttlMs }: { tag: Tag; ttlMs: number },
  callMs: number,
  latestMs: number,
): LockState {
  const lease = state.leases.find((other) => other.tag === tag);
  if (lease === undefined) return state;
  const sinceMs = Math.max(state.sinceMs, callMs);
  const endableFromMs = sinceMs + ttlMs;
  const endsByMs = latestMs + ttlMs;
  return { ...replaced(state, { ...lease, ttlMs, endableFromMs, endsByMs, isAcknowledged: true }), sinceMs };
}
