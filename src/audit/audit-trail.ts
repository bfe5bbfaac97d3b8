import type { Clock } from '../clock/clock.js';
import type { RowChanges } from '../journal/row-changes.js';
import type { AuditEntry } from './audit-entry.js';
import { factsOf } from './audit-record.js';

/**
 * Records who did what. A record is durable together with the rows that it was added to, or not at all. The store chains it to the one
 * before it: see `AuditChain`.
 */
export class AuditTrail {
  readonly #clock: Pick<Clock, 'wallMs'>;

  constructor(clock: Pick<Clock, 'wallMs'>) {
    this.#clock = clock;
  }

  /** Adds a record to rows that you then write. It must contain no secret. */
  record(rows: RowChanges, entry: AuditEntry): void {
    rows.record(factsOf(entry, this.#clock.wallMs()));
  }
}
