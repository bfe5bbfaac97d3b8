import type { AuditChain } from '../../audit/audit-chain.js';
import type { State } from '../../core/state/state.js';
import type { Journal } from '../../journal/journal.js';
import type { RowChanges } from '../../journal/row-changes.js';
import type { EventLog } from '../log/event-log.js';
import type { Timeline } from '../timeline.js';
import { unavailable } from '../unavailable.js';

interface Parts {
  readonly journal: Journal;
  readonly epoch: number;
  readonly state: State;
  readonly timeline: Timeline;
  readonly log: EventLog;
  readonly audit: AuditChain;
  readonly graces: string | null;
}

/** Writes rows as batches of one term. Each batch also records how far the term has advanced. */
export class BatchWriter {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Makes all of the rows durable, or none. Wait for each call before you make the next. Throws `store_unavailable`. */
  async write(rows: RowChanges): Promise<void> {
    const { journal, epoch, state, timeline, log, audit, graces } = this.#parts;
    const { lastFencingToken, lastSequence } = state;
    const watermarks = {
      lastFencingToken,
      lastSequence,
      prunedThrough: log.prune(lastSequence),
      restoredAt: log.restoredAt,
      lastInstant: timeline.now(),
      ...timeline.anchor,
      graces,
    };
    audit.seal(rows);
    try {
      await journal.commit({ epoch, watermarks, rows });
    } catch (error) {
      throw unavailable(error);
    }
  }
}
