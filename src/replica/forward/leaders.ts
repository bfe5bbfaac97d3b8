import type { Leader } from './leader.js';

/** Who leads, for the requests that wait for it. */
export interface Leaders {
  /** Null if no one leads. */
  readonly current: Leader | null;
  /** Whether this server is about to exit, so that nothing may wait for long. */
  readonly isDraining: boolean;
  /** Whether this server exits now, so that it will learn of no other leader. */
  readonly isClosed: boolean;
  /** Calls `listener` once, when this server is about to exit. Returns a function that undoes this. */
  onDrain(listener: () => void): () => void;
  /**
   * Calls `listener` once: when another server leads, when the current one answers again, or when there will be none. Returns a
   * function that undoes this.
   */
  onChange(listener: () => void): () => void;
}
