import type { Batch } from './batch.js';
import type { Company } from './cluster.js';
import type { DatabaseFile } from './database-file.js';
import type { EventPage, EventQuery } from './event-query.js';
import type { Order, Range } from './range.js';
import type { ServerRow } from './rows/server-row.js';
import { RESTART, type Succession } from './succession.js';
import { TABLES, type Key, type TableName, type Tables } from './tables.js';
import type { Tenure } from './tenure.js';

/**
 * Rows per page. Enough to keep the cost per query low, and few enough that the garbage collector frees them while they are
 * young.
 */
const PAGE_ROWS = 5_000;

export interface LeadOptions {
  /** Gives up waiting when it aborts. The call then rejects with its reason, and no term has begun. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A database connection that makes state durable. Each database engine implements these methods and hides everything else. If
 * you connect, you must close.
 */
export abstract class Journal {
  /** Operations on the database's file. Null if the database is not a file. */
  abstract readonly file: DatabaseFile | null;
  /** Always of this moment. */
  abstract readonly tenure: Tenure;
  /**
   * Begins a new term and returns the server row that the last term left. All earlier terms end: nothing more can be
   * committed in them. A connection alone does not begin a term, so call this before you commit. If another process leads, an
   * engine that several processes can connect to waits until that one has resigned, or has not committed for too long.
   */
  abstract lead(options?: LeadOptions): Promise<ServerRow>;
  /**
   * Makes one batch durable, all of it or nothing. Wait for each call before you make the next. If the database cannot be reached,
   * or it is not known whether the batch was written, an engine may keep trying, for as long as no other term has begun. If the
   * call rejects, the batch may or may not have been written. The caller must then stop, and the next term loads what is stored.
   * Throws `TermEndedError`.
   */
  abstract commit(batch: Batch): Promise<void>;
  /** The servers on the database. Null if only one process can use it. */
  get company(): Company | null {
    return null;
  }

  /** How the term that `lead` began continues the one before it. */
  get succession(): Succession {
    return RESTART;
  }

  /** One page of a table, in the order of its keys or of one of its indexes. */
  abstract page<T extends TableName>(table: T, order: Order<T>, range: Range): Promise<Tables[T][]>;
  /** The row with this key, or null if there is none. */
  abstract row<T extends TableName>(table: T, key: Key): Promise<Tables[T] | null>;
  /** The logged events that match a query. The query bounds the cost, however long the log is. */
  abstract findEvents(query: EventQuery): Promise<EventPage>;
  /** Gives the database up, so that another process can lead at once. The journal cannot be used after this. */
  abstract close(): Promise<void>;

  /** Every row of a table, in pages. */
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

  /** Every row of a table. For small tables only. */
  async load<T extends TableName>(table: T): Promise<Tables[T][]> {
    const all: Tables[T][] = [];
    for await (const rows of this.pages(table)) all.push(...rows);
    return all;
  }
}
