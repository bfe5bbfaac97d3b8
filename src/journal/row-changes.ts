import { TABLES, type Key, type TableName, type Tables } from './tables.js';

/** The changes that a commit makes to one table. A key is in at most one of the two lists. */
export interface TableChanges<Row> {
  readonly put: readonly Row[];
  readonly removed: readonly Key[];
}

const NO_CHANGES = { put: [], removed: [] } as const;

/** Rows to write in one commit. The last change to a key wins, so a row that is put and then removed is only removed. */
export class RowChanges {
  readonly #tables = new Map<TableName, Map<Key, unknown>>();
  #onDurable: (() => void)[] = [];

  put<T extends TableName>(table: T, row: Tables[T]): this {
    const keyOf = TABLES[table].keyOf as (row: Tables[T]) => Key;
    this.#table(table).set(keyOf(row), row);
    return this;
  }

  remove(table: TableName, key: Key): this {
    this.#table(table).set(key, null);
    return this;
  }

  /** Adds all changes of `other`, which are later than these. */
  merge(other: RowChanges): void {
    for (const [table, rows] of other.#tables) {
      const mine = this.#table(table);
      for (const [key, row] of rows) mine.set(key, row);
    }
  }

  /** Calls `task` when these rows are durable. Tasks run in the order in which they were added. */
  onDurable(task: () => void): this {
    this.#onDurable.push(task);
    return this;
  }

  /** Runs the tasks. Call this when you have made the rows durable. */
  becomeDurable(): void {
    const tasks = this.#onDurable;
    this.#onDurable = [];
    for (const task of tasks) task();
  }

  of<T extends TableName>(table: T): TableChanges<Tables[T]> {
    const rows = this.#tables.get(table);
    if (rows === undefined) return NO_CHANGES;
    const put: Tables[T][] = [];
    const removed: Key[] = [];
    for (const [key, row] of rows) {
      if (row === null) removed.push(key);
      else put.push(row as Tables[T]);
    }
    return { put, removed };
  }

  #table(table: TableName): Map<Key, unknown> {
    let rows = this.#tables.get(table);
    if (rows === undefined) {
      rows = new Map();
      this.#tables.set(table, rows);
    }
    return rows;
  }
}
