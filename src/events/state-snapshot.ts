import type { Actor } from '../access/may.js';
import type { Lease } from '../core/model/lease.js';
import type { LockName } from '../core/model/lock-name.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import type { LockStore } from '../store/lock-store.js';
import type { RecentEvents } from './recent-events.js';
import type { Turns } from './turns.js';

/** Locks that are looked at in one step. */
const LOCKS_PER_STEP = 100;

/** So many locks are looked at without waiting for a turn. */
const LOCKS_AT_ONCE = 250;

/** How often a snapshot is begun again because more happened meanwhile than is remembered. */
const ATTEMPTS_MAX = 5;

/** A lock that is held, told by its lease or by the event that made or renewed the lease. */
export type Held = Lease | LiveEvent;

type LiveEvent = LoggedEvent<'acquired' | 'renewed'>;

/** The lock that is held. */
export function lockOf(held: Held): { readonly lockName: LockName } {
  return 'subject' in held ? held.subject : held;
}

export interface StateSnapshot {
  /** The sequence of the last event that the snapshot takes into account. */
  readonly sequence: number;
  /** In the order of their names. */
  readonly held: Iterable<Held>;
}

interface Parts {
  readonly store: LockStore;
  readonly recent: RecentEvents;
  readonly turns: Turns;
  readonly viewer: Actor;
  /** Whether anybody still waits for the snapshot. */
  readonly isWanted: () => boolean;
}

/**
 * Takes the state of many locks at one moment, without stopping for them all: it looks at them some hundreds at a time. What
 * happened to those that it had seen is then put right from the events, which tell the same as the leases.
 */
export class SnapshotTaker {
  readonly #parts: Parts;
  readonly #prefix: string;
  #leases: Lease[] = [];
  /** The last event of each lock since the first slice, up to the event with this sequence. */
  #changed = new Map<string, LoggedEvent>();
  #changedUpTo = 0;

  constructor(parts: Parts, prefix: string) {
    this.#parts = parts;
    this.#prefix = prefix;
  }

  /** The snapshot, at once, if the locks are few; null if they are more. */
  async takeSmall(): Promise<StateSnapshot | null> {
    const { sequence, held } = await this.#parts.store.read((state, now) => ({
      sequence: state.lastSequence,
      held: first(LOCKS_AT_ONCE, state.liveLeases(this.#prefix, null, now)),
    }));
    return held.length < LOCKS_AT_ONCE ? { sequence, held } : null;
  }

  /** Throws if so much happens all the time that it cannot be followed. */
  async take(): Promise<StateSnapshot> {
    const { store, turns, viewer } = this.#parts;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      this.#begin(await store.read((state) => state.lastSequence));
      let isWhole = true;
      await turns.run(viewer.userId, () => {
        isWhole = this.#noteChanges(Infinity);
        return !isWhole || this.#collect();
      });
      // Everything up to here is durable, so it has been told.
      const sequence = await store.read((state) => state.lastSequence);
      if (isWhole && this.#noteChanges(sequence)) return { sequence, held: this.#putRight() };
    }
    throw new Error('more happens than a snapshot can follow');
  }

  #begin(sequence: number): void {
    this.#leases = [];
    this.#changed = new Map();
    this.#changedUpTo = sequence;
  }

  /** Looks at the next locks. Returns whether there are no more, or nobody wants them. */
  #collect(): boolean {
    const { store, isWanted } = this.#parts;
    const after = this.#leases.at(-1)?.lockName ?? null;
    const leases = store.peek((state, now) =>
      first(LOCKS_PER_STEP, state.liveLeases(this.#prefix, after, now)),
    );
    this.#leases.push(...leases);
    return leases.length < LOCKS_PER_STEP || !isWanted();
  }

  /** Notes the events that have been told, up to `sequence`. False if not all of them are remembered. */
  #noteChanges(sequence: number): boolean {
    const { recent } = this.#parts;
    if (!recent.covers(this.#changedUpTo)) return false;
    for (const event of recent.after(this.#changedUpTo, Infinity)) {
      if (event.sequence > sequence) break;
      this.#changedUpTo = event.sequence;
      const { lockName } = event.subject;
      if (lockName.startsWith(this.#prefix)) this.#changed.set(lockName, event);
    }
    return true;
  }

  /** Merges the leases with what has changed. Lazily: there may be very many. */
  *#putRight(): Generator<Held> {
    const changed = [...this.#changed.values()].filter(isHeld);
    changed.sort((a, b) => (a.subject.lockName < b.subject.lockName ? -1 : 1));
    let next = 0;
    for (const lease of this.#leases) {
      for (let event = changed[next]; event !== undefined && event.subject.lockName <= lease.lockName;) {
        yield event;
        next += 1;
        event = changed[next];
      }
      if (!this.#changed.has(lease.lockName)) yield lease;
    }
    yield* changed.slice(next);
  }
}

function first<T>(count: number, items: Iterable<T>): T[] {
  const taken: T[] = [];
  for (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

function isHeld(event: LoggedEvent): event is LiveEvent {
  return event.type === 'acquired' || event.type === 'renewed';
}
