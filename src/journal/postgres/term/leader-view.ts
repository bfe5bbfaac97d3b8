import type { Leader } from '../../shared-database.js';
import type { Leadership } from './position.js';

type Listener = (leader: Leader | null) => void;

/** Who leads, as this process last saw it. */
export class LeaderView {
  readonly #listeners = new Set<Listener>();
  #leader: Leader | null = null;

  /** Null if no one leads, or if the leader has not said yet how to reach it. */
  get leader(): Leader | null {
    return this.#leader;
  }

  /** Calls `listener` at each change. Returns a function that ends this. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  note({ leaderUrl, reign }: Pick<Leadership, 'leaderUrl' | 'reign'>): void {
    const leader = reign === null || isUnknown(leaderUrl) ? null : { url: leaderUrl, reign };
    if (isSame(leader, this.#leader)) return;
    this.#leader = leader;
    for (const listener of this.#listeners) listener(leader);
  }

  /** A term of this process has ended. */
  noteEnd(reign: string | null): void {
    if (this.#leader?.reign === reign) this.note({ leaderUrl: null, reign });
  }
}

function isUnknown(url: string | null): url is null | '' {
  return url === null || url === '';
}

function isSame(one: Leader | null, other: Leader | null): boolean {
  return one?.url === other?.url && one?.reign === other?.reign;
}
