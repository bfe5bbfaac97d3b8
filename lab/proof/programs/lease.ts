import type { HeldLock } from '../../kit/guard/visit.js';

/** A lock that an actor wants, in the words of the API. */
export interface WantedLock {
  readonly name: string;
  readonly mode?: 'shared';
  readonly limit?: number;
  readonly permits?: number;
}

/** A lease that an actor has, as far as it knows. */
export interface Lease {
  readonly id: string;
  readonly token: number;
  readonly locks: readonly HeldLock[];
  /** When the actor knew that it had the lease. */
  readonly grantedMs: number;
  /** Before this moment, the lease has certainly not ended. */
  readonly safeUntilMs: number;
}

/** What a reply says of one lock. */
export interface RepliedLock {
  readonly name?: string;
  readonly slots?: readonly number[];
}

/** How the lease holds the locks that were asked for. Null if the reply lacks one of them, or has another number of slots. */
export function heldAs(wanted: readonly WantedLock[], replied: readonly RepliedLock[]): HeldLock[] | null {
  const held = wanted.map((want) => heldLock(want, replied));
  const complete = held.filter((lock) => lock !== null);
  return complete.length === held.length ? complete : null;
}

function heldLock(
  { name, mode, limit, permits = 1 }: WantedLock,
  replied: readonly RepliedLock[],
): HeldLock | null {
  const reply = replied.find((lock) => lock.name === name);
  if (reply === undefined) return null;
  if (limit === undefined) return { name, hold: { mode: mode ?? 'exclusive' } };
  const { slots = [] } = reply;
  return slots.length === permits ? { name, hold: { mode: 'counted', limit, slots } } : null;
}
