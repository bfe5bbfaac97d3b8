import { EXCLUSIVE, type HeldLock, type Hold } from './demand.js';
import type { FencingToken, LeaseId, SessionId, UserId } from './ids.js';
import type { LockName } from './lock-name.js';
import type { Instant } from './time.js';

/*
 * Vocabulary
 *   lock           a name that leases hold: one exclusively, several shared, or several with a number of permits
 *   lease          one grant of a lock, or of several at once: lease id, fencing token, deadline
 *   holder         the user, and the session if there is one, that has the lease
 *   fencing token  the number issued with a grant; a resource that remembers the highest one rejects stale holders
 *   session        what a client keeps alive with keepalives; the leases tied to it end with it
 *   ticket         a waiting request, with a place in the line of each lock it asks for
 *   asking         a ticket asks while a client waits for its answer; otherwise it is silent, and its place is kept for a while
 */

/** The user, and the session if there is one, that holds or asks for a lease. Two sessions of one user are two holders. */
export interface Holder {
  readonly userId: UserId;
  readonly sessionId: SessionId | null;
}

/** What is unusual about a lease. Almost all leases hold one lock, exclusively, and share one constant. */
export interface LeaseTerms {
  /** How the lease holds `lockName`. */
  readonly hold: Hold;
  /** The other locks of a lease that holds several. */
  readonly others: readonly HeldLock[];
  readonly lockDelaySeconds: number;
  /** Until then the locks are not granted again, even if the lease is released. Null if that does not matter. */
  readonly keptUntil: Instant | null;
}

/** The terms of a lease that holds one lock, exclusively. */
export const USUAL_TERMS: LeaseTerms = { hold: EXCLUSIVE, others: [], lockDelaySeconds: 0, keptUntil: null };

/** The terms with the given values. Usual ones are always the one constant. */
export function leaseTerms(terms: LeaseTerms): LeaseTerms {
  const { hold, others, lockDelaySeconds, keptUntil } = terms;
  const isUsual =
    hold.mode === 'exclusive' && others.length === 0 && lockDelaySeconds === 0 && keptUntil === null;
  return isUsual ? USUAL_TERMS : terms;
}

/** The terms if the lease held one of its locks in another way. */
export function termsWithHold({ lockName, terms }: Lease, name: LockName, hold: Hold): LeaseTerms {
  if (lockName === name) return leaseTerms({ ...terms, hold });
  const others = terms.others.map((held) => (held.lockName === name ? { lockName: name, hold } : held));
  return { ...terms, others };
}

/**
 * One grant of a lock, or of several at once. Immutable: a renewal creates a new value, so an outcome that is waiting for its commit does not
 * change.
 */
export interface Lease {
  readonly leaseId: LeaseId;
  /** The lock that it holds. If it holds several, the first one that was asked for. */
  readonly lockName: LockName;
  readonly holder: Holder;
  readonly fencingToken: FencingToken;
  readonly ttlSeconds: number;
  /** The last instant at which the lease is certain to be alive. */
  readonly deadline: Instant;
  readonly metadata: string | null;
  readonly terms: LeaseTerms;
}

/** How many locks the lease holds. */
export function lockCountOf({ terms }: Lease): number {
  return 1 + terms.others.length;
}

/** All locks that the lease holds, in the order in which they were asked for. */
export function locksOf({ lockName, terms }: Lease): readonly HeldLock[] {
  return [{ lockName, hold: terms.hold }, ...terms.others];
}

/** The names of all locks that the lease holds, in the order in which they were asked for. */
export function lockNamesOf({ lockName, terms }: Lease): readonly LockName[] {
  return [lockName, ...terms.others.map((held) => held.lockName)];
}

export function holdsLock({ lockName, terms }: Lease, name: LockName): boolean {
  return lockName === name || terms.others.some((other) => other.lockName === name);
}

/** How the lease holds the lock. Throws if it does not. */
export function holdOn({ lockName, terms, fencingToken }: Lease, name: LockName): Hold {
  if (lockName === name) return terms.hold;
  const other = terms.others.find((held) => held.lockName === name);
  if (other === undefined)
    throw new Error(`the lease with fencing token ${fencingToken} does not hold "${name}"`);
  return other.hold;
}
