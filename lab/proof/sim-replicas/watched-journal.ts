import type { Clock } from '../../../src/clock/clock.js';
import type { Batch } from '../../../src/journal/batch.js';
import type { EventPage, EventQuery } from '../../../src/journal/event-query.js';
import { Journal } from '../../../src/journal/journal.js';
import type { PostgresJournal } from '../../../src/journal/postgres/postgres-journal.js';
import type { Order, Range } from '../../../src/journal/range.js';
import type { ServerRow } from '../../../src/journal/rows/server-row.js';
import type { Key, TableName, Tables } from '../../../src/journal/tables.js';
import type { Succession } from '../../../src/journal/succession.js';
import type { Tenure } from '../../../src/journal/tenure.js';

/** The real journal, and when it answered. */
export class WatchedJournal extends Journal {
  readonly file = null;
  readonly #journal: PostgresJournal;
  readonly #clock: Clock;
  readonly #begun: (batch: Batch) => void;
  #readAtMs = 0;

  /** @param begun called when the store hands over a batch. */
  constructor(journal: PostgresJournal, clock: Clock, begun: (batch: Batch) => void) {
    super();
    this.#journal = journal;
    this.#clock = clock;
    this.#begun = begun;
  }

  /** When it last returned what it had read, by the monotonic clock. A store that loads decides then what has ended. */
  get readAtMs(): number {
    return this.#readAtMs;
  }

  get reign(): string {
    return this.#journal.reign;
  }

  get tenure(): Tenure {
    return this.#journal.tenure;
  }

  override get succession(): Succession {
    return this.#journal.succession;
  }

  lead(): Promise<ServerRow> {
    return this.#journal.lead();
  }

  commit(batch: Batch): Promise<void> {
    this.#begun(batch);
    return this.#journal.commit(batch);
  }

  page<T extends TableName>(table: T, order: Order<T>, range: Range): Promise<Tables[T][]> {
    return this.#noted(this.#journal.page(table, order, range));
  }

  row<T extends TableName>(table: T, key: Key): Promise<Tables[T] | null> {
    return this.#noted(this.#journal.row(table, key));
  }

  findEvents(query: EventQuery): Promise<EventPage> {
    return this.#noted(this.#journal.findEvents(query));
  }

  close(): Promise<void> {
    return this.#journal.close();
  }

  async #noted<T>(reading: Promise<T>): Promise<T> {
    const read = await reading;
    this.#readAtMs = this.#clock.monotonicMs();
    return read;
  }
}
