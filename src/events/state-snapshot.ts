import type { UserId } from '../core/ids.js';
import type { Lease } from '../core/lease.js';
import type { EventEntity } from '../store/entities/event.entity.js';
import type { LockStore } from '../store/lock-store.js';
import type { RecentEvents } from './recent-events.js';
import type { Turns } from './turns.js';

/** Locks that are looked at in one step. */
const LOCKS_PER_STEP = 250;

/** How often a snapshot is begun again because more happened meanwhile than is remembered. */
const ATTEMPTS_MAX = 5;

/** A lock that is held, told by its lease or by the event that made or renewed the lease. */
export type Held = Lease | EventEntity;

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
  readonly viewer: UserId;
  /** Whether anybody still waits for the snapshot. */
  readonly isWanted: () => boolean;
}

interface Slice {
  readonly sequence: number;
  readonly leases: readonly Lease[];
}

/**
 * Takes the state of many locks at one moment, without stopping for them all: it looks at them some hundreds at a time. What
 * happened to those that it had seen is then put right from the events, which tell the same as the leases.
 */
export class SnapshotTaker {
  readonly #parts: Parts;
  readonly #prefix: string;
  #leases: Lease[] = [];
  /** The last event of each lock since the first slice. */
  #changed = new Map<string, EventEntity>();
  #sequence = 0;

  constructor(parts: Parts, prefix: string) {
    this.#parts = parts;
    this.#prefix = prefix;
  }

  /** The snapshot, at once, if the locks are so few that it takes one step; null if they are more. */
  async takeSmall(): Promise<StateSnapshot | null> {
    const { leases, sequence } = await this.#slice(null);
    return leases.length < LOCKS_PER_STEP ? { sequence, held: leases } : null;
  }

  /** Throws if so much happens all the time that it cannot be followed. */
  async take(): Promise<StateSnapshot> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      if (await this.#collect()) return { sequence: this.#sequence, held: this.#putRight() };
    }
    throw new Error('more happens than a snapshot can follow');
  }

  /** False if more happened than is remembered. */
  async #collect(): Promise<boolean> {
    this.#changed = new Map();
    let slice = await this.#sliceInTurn(null);
    this.#leases = [...slice.leases];
    this.#sequence = slice.sequence;
    while (slice.leases.length === LOCKS_PER_STEP && this.#parts.isWanted()) {
      slice = await this.#sliceInTurn(slice.leases.at(-1)?.lockName ?? null);
      this.#leases.push(...slice.leases);
      if (!this.#noteChanges(slice.sequence)) return false;
    }
    return true;
  }

  async #sliceInTurn(after: string | null): Promise<Slice> {
    const { turns, viewer } = this.#parts;
    const turn: { slice?: Promise<Slice> } = {};
    await turns.run(viewer, () => {
      turn.slice = this.#slice(after);
      return true;
    });
    return turn.slice ?? this.#slice(after);
  }

  #slice(after: string | null): Promise<Slice> {
    return this.#parts.store.read((state, now) => ({
      sequence: state.lastSequence,
      leases: first(LOCKS_PER_STEP, state.liveLeases(this.#prefix, after, now)),
    }));
  }

  /** What happened up to `sequence` is durable, so it has been told. False if not all of it is remembered. */
  #noteChanges(sequence: number): boolean {
    const { recent } = this.#parts;
    if (!recent.covers(this.#sequence)) return false;
    for (const event of recent.after(this.#sequence, Infinity)) {
      if (event.sequence > sequence) break;
      if (event.lockName.startsWith(this.#prefix)) this.#changed.set(event.lockName, event);
    }
    this.#sequence = sequence;
    return true;
  }

  /** Merges the leases with what has changed. Lazily: there may be very many. */
  *#putRight(): Generator<Held> {
    const changed = [...this.#changed.values()].filter(isHeld);
    changed.sort((a, b) => (a.lockName < b.lockName ? -1 : 1));
    let next = 0;
    for (const lease of this.#leases) {
      for (let event = changed[next]; event !== undefined && event.lockName <= lease.lockName;) {
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

function isHeld({ type }: EventEntity): boolean {
  return type === 'acquired' || type === 'renewed';
}
