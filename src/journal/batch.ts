import type { RowChanges } from './row-changes.js';
import type { ServerRow } from './rows/server-row.js';

/** The counters and clock values that every batch updates. */
export type Watermarks = Omit<ServerRow, 'id' | 'epoch'>;

export function watermarksOf({ id: _id, epoch: _epoch, ...watermarks }: ServerRow): Watermarks {
  return watermarks;
}

/**
 * The maximum number of events that one commit deletes, so that no commit is slow because of it. A commit deletes the oldest
 * events up to `prunedThrough`, and later commits delete the rest. The limit counts rows, not sequences, because a restore
 * makes sequences jump far ahead.
 */
export const PRUNED_AT_ONCE = 2_000;

/** Everything that one commit makes durable. */
export interface Batch {
  /** The writer's term. If a newer term has begun, the batch cannot commit. */
  readonly epoch: number;
  readonly watermarks: Watermarks;
  readonly rows: RowChanges;
}
