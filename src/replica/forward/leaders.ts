import type { Leader } from './leader.js';

/** Who leads, for the requests that wait for it. */
export interface Leaders {
  /** Null if no one leads. */
  readonly current: Leader | null;
  /** Whether no server will lead any more as far as this one knows, because it is about to exit. */
  readonly isClosed: boolean;
  /**
   * Calls `listener` once: when another server leads, when the current one answers again, or when there will be none. Returns a
   * function that undoes this.
   */
  onChange(listener: () => void): () => void;
}
