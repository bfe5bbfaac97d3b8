import { RESTART, type Succession } from '../../succession.js';
import type { Leadership } from './position.js';

interface Predecessor {
  /** The row that its last commit has left. */
  readonly over: Leadership;
  /** The timeline of this process, if it is the predecessor itself. */
  readonly own: Succession | null;
  /** What this process has observed of the timeline. Null if it has observed nothing. */
  readonly observedOffsetMs: number | null;
  /** For a process that has observed nothing: the offset by the clock of the database. */
  readonly offsetByDatabase: () => Promise<number>;
}

/** How a term continues the timeline of the one before. The wall clocks of two servers are never compared. */
export async function continueLine(predecessor: Predecessor): Promise<Succession> {
  const { over, own, observedOffsetMs, offsetByDatabase } = predecessor;
  // Nothing has ever been committed.
  if (over.lastInstant === 0) return RESTART;
  if (own !== null) return own;
  return { kind: 'take_over', lineOffsetMs: observedOffsetMs ?? (await offsetByDatabase()) };
}

/**
 * How long ago the last commit of the term before was made, in milliseconds. The clock of the database may have been set back, or the
 * database may have moved to another machine.
 */
export const SELECT_ELAPSED = `
  select coalesce(greatest(0, extract(epoch from clock_timestamp() - continues_from) * 1000), 0)::float8 as "elapsedMs"
    from server where id = 1`;
