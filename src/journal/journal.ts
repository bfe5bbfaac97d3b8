import type { Batch } from './batch.js';
import type { DatabaseFile } from './database-file.js';
import type { EventPage, EventQuery } from './event-query.js';
import type { Order, Range } from './range.js';
import type { ServerRow } from './rows/server-row.js';
import { TABLES, type Key, type TableName, type Tables } from './tables.js';

/** Rows per page: enough that a query costs little, few enough that the garbage collector frees them while they are young. */
const PAGE_ROWS = 5_000;

/**
 * A database that this process is connected to. It makes state durable. Each database engine implements these methods and hides
 * everything else. If you connect, you close.
 */
export abstract class Journal {
  /** What only a database in a file offers; null if it is not in one. */
  abstract readonly file: DatabaseFile | null;
  /**
   * Begins a term and returns the row that the last term left. Earlier terms end: nothing can be committed in them any more. A
   * connection alone does not lead, so do not commit before you call this.
   */
  abstract lead(): Promise<ServerRow>;
  /**
   * Makes one batch durable: all of it or nothing. At most one call at a time. A rejection says nothing about what was written:
   * the caller must stop, and the next term loads what is on disk.
   */
  abstract commit(batch: Batch): Promise<void>;
  /** A page of a table, in the order of its keys or of one of its indexes. */
  abstract page<T extends TableName>(table: T, order: Order<T>, range: Range): Promise<Tables[T][]>;
  /** The row with this key; null if there is none. */
  abstract row<T extends TableName>(table: T, key: Key): Promise<Tables[T] | null>;
  /** The logged events that a query selects. What it costs is bounded by the query, however long the log is. */
  abstract findEvents(query: EventQuery): Promise<EventPage>;
  abstract close(): Promise<void>;

  /** Every row of a table, some thousands at a time. */
  async *pages<T extends TableName>(table: T): AsyncGenerator<Tables[T][]> {
    const keyOf = TABLES[table].keyOf as (row: Tables[T]) => Key;
    let after: Key | undefined;
    for (;;) {
      const rows = await this.page(table, 'key', {
        limit: PAGE_ROWS,
        ...(after === undefined ? {} : { after }),
      });
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      if (rows.length < PAGE_ROWS) return;
      after = keyOf(last);
    }
  }

  /** Every row of a table that is small. */
  async load<T extends TableName>(table: T): Promise<Tables[T][]> {
    const all: Tables[T][] = [];
    for await (const rows of this.pages(table)) all.push(...rows);
    return all;
  }
}
