import type { RowChanges } from './row-changes.js';
import type { ServerRow } from './rows/server-row.js';

/** How far the writer has come: written with every batch. */
export type Watermarks = Omit<ServerRow, 'id' | 'epoch' | 'restoredAt'>;

/**
 * Events that one commit deletes at most, so that none is slow because of it: it takes the oldest up to `prunedThrough`, and
 * the next commits take the rest. Rows are counted and not numbers, which a restore makes jump very far.
 */
export const PRUNED_AT_ONCE = 2_000;

/** What becomes durable together. */
export interface Batch {
  /** The writer's term. A batch of a deposed writer never commits. */
  readonly epoch: number;
  readonly watermarks: Watermarks;
  readonly rows: RowChanges;
}
