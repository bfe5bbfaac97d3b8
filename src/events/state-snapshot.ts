import type { Actor } from '../access/may.js';
import type { LockName } from '../core/model/lock-name.js';
import type { Holding, ListPosition } from '../core/state/state-view.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import type { LockStore } from '../store/lock-store.js';
import type { RecentEvents } from './recent-events.js';
import type { Turns } from './turns.js';

/** How many locks one step reads. */
const LOCKS_PER_STEP = 100;

/** How many locks are read without waiting for a turn. */
const LOCKS_AT_ONCE = 250;

/** How often a snapshot is started. It starts again if more happens in the meantime than the recent events cover. */
const ATTEMPTS_MAX = 5;

/** A held lock with one of its leases, as the state has it, or given by the event that granted or renewed the lease. */
export type Held = Holding | LiveEvent;

type LiveEvent = LoggedEvent<'acquired' | 'renewed'>;

/** The name of the held lock. */
export function lockOf(held: Held): { readonly lockName: LockName } {
  return 'subject' in held ? held.subject : held;
}

export interface StateSnapshot {
  /** The sequence of the last event that the snapshot includes. */
  readonly sequence: number;
  /** In order of their names, and of their tokens for the same name. */
  readonly held: Iterable<Held>;
}

interface Parts {
  readonly store: LockStore;
  readonly recent: RecentEvents;
  readonly turns: Turns;
  readonly viewer: Actor;
  /** Whether the viewer may see a lock. Hidden ones are left out at once, because there may be very many. */
  readonly isVisible: (lock: Holding) => boolean;
  /** Whether anyone still waits for the snapshot. */
  readonly isWanted: () => boolean;
}

/**
 * Takes the state of many locks at one moment, without blocking the server while it reads all of them: it reads a hundred at a
 * time. Then it applies the events that happened in the meantime. An event has all the data of a lease that a snapshot needs.
 * A lease of several locks has an event for each of them, so each lock is found by its name and its lease's token.
 */
export class SnapshotTaker {
  readonly #parts: Parts;
  readonly #prefix: string;
  #held: Holding[] = [];
  /** The last lock that was read, whether or not the viewer may see it. */
  #readThrough: ListPosition | null = null;
  /** The last event of each held lock since the snapshot began, by `keyOf`, up to the sequence `#changedUpTo`. */
  #changed = new Map<string, LoggedEvent>();
  #changedUpTo = 0;

  constructor(parts: Parts, prefix: string) {
    this.#parts = parts;
    this.#prefix = prefix;
  }

  /** Takes the snapshot at once if there are few locks. Returns null if there are more. */
  async takeSmall(): Promise<StateSnapshot | null> {
    const { sequence, held } = await this.#parts.store.read((state, now) => ({
      sequence: state.lastSequence,
      held: first(LOCKS_AT_ONCE, state.heldLocks(this.#prefix, null, now)),
    }));
    return held.length < LOCKS_AT_ONCE ? { sequence, held } : null;
  }

  /** Throws if events keep arriving faster than the snapshot can follow. */
  async take(): Promise<StateSnapshot> {
    const { store, turns, viewer } = this.#parts;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      this.#begin(await store.read((state) => state.lastSequence));
      let isWhole = true;
      await turns.run(viewer.userId, () => {
        isWhole = this.#collectChanges(Infinity);
        return !isWhole || this.#readHeld();
      });
      // Everything up to here is durable, so its events have been published.
      const sequence = await store.read((state) => state.lastSequence);
      if (isWhole && this.#collectChanges(sequence)) return { sequence, held: this.#merged() };
    }
    throw new Error('events arrive faster than a snapshot can follow');
  }

  #begin(sequence: number): void {
    this.#held = [];
    this.#readThrough = null;
    this.#changed = new Map();
    this.#changedUpTo = sequence;
  }

  /** Reads the next locks. Returns whether there are no more, or no one wants them. */
  #readHeld(): boolean {
    const { store, isWanted, isVisible } = this.#parts;
    const after = this.#readThrough;
    const held = store.peek((state, now) => first(LOCKS_PER_STEP, state.heldLocks(this.#prefix, after, now)));
    const last = held.at(-1);
    if (last !== undefined) this.#readThrough = positionOf(last);
    this.#held.push(...held.filter(isVisible));
    return held.length < LOCKS_PER_STEP || !isWanted();
  }

  /** Collects the published events up to `sequence`. Returns false if some of them are no longer in memory. */
  #collectChanges(sequence: number): boolean {
    const { recent } = this.#parts;
    if (!recent.covers(this.#changedUpTo)) return false;
    for (const event of recent.after(this.#changedUpTo, Infinity)) {
      if (event.sequence > sequence) break;
      this.#changedUpTo = event.sequence;
      // It changes no lease.
      if (event.type === 'release_requested' || event.type === 'warning') continue;
      const position = positionOf(event);
      if (position.lockName.startsWith(this.#prefix)) this.#changed.set(keyOf(position), event);
    }
    return true;
  }

  /** Merges the changes into what was read. It is lazy, because there may be very many. */
  *#merged(): Generator<Held> {
    const changed = [...this.#changed.values()].filter(isHeld).toSorted(byPosition);
    let next = 0;
    for (const holding of this.#held) {
      for (let event = changed[next]; event !== undefined && byPosition(event, holding) <= 0;) {
        yield event;
        next += 1;
        event = changed[next];
      }
      if (!this.#changed.has(keyOf(positionOf(holding)))) yield holding;
    }
    yield* changed.slice(next);
  }
}

function positionOf(held: Held | LoggedEvent): ListPosition {
  if (!('subject' in held)) return { lockName: held.lockName, fencingToken: held.lease.fencingToken };
  return { lockName: held.subject.lockName, fencingToken: held.body.fencingToken };
}

/** No lock name has a space. */
function keyOf({ lockName, fencingToken }: ListPosition): string {
  return `${lockName} ${fencingToken}`;
}

function byPosition(one: Held, other: Held): number {
  const [a, b] = [positionOf(one), positionOf(other)];
  if (a.lockName === b.lockName) return a.fencingToken - b.fencingToken;
  return a.lockName < b.lockName ? -1 : 1;
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
