import { TABLES, type Key, type TableName, type Tables } from './tables.js';

/** What a commit does to one table. A key stands in one of the two at most. */
export interface TableChanges<Row> {
  readonly put: readonly Row[];
  readonly gone: readonly Key[];
}

const NO_CHANGES = { put: [], gone: [] } as const;

/** Rows to write in one commit. The last word on a key wins, so a row that comes and goes leaves only its absence. */
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

  /** Takes over all of `other`, which comes later. */
  merge(other: RowChanges): void {
    for (const [table, rows] of other.#tables) {
      const mine = this.#table(table);
      for (const [key, row] of rows) mine.set(key, row);
    }
  }

  /** Calls `task` when these rows are durable, in the order of these calls. */
  onDurable(task: () => void): this {
    this.#onDurable.push(task);
    return this;
  }

  /** For the one who has written the rows: they are durable now. */
  becomeDurable(): void {
    const tasks = this.#onDurable;
    this.#onDurable = [];
    for (const task of tasks) task();
  }

  of<T extends TableName>(table: T): TableChanges<Tables[T]> {
    const rows = this.#tables.get(table);
    if (rows === undefined) return NO_CHANGES;
    const put: Tables[T][] = [];
    const gone: Key[] = [];
    for (const [key, row] of rows) {
      if (row === null) gone.push(key);
      else put.push(row as Tables[T]);
    }
    return { put, gone };
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
