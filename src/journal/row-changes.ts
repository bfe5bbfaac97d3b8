import type { LoggedEvent } from './logged-event.js';
import { TABLES, type ChangingTable, type Key, type Tables } from './tables.js';

/** What a commit does to one table. A key stands in one of the two at most. */
export interface TableChanges<Row> {
  readonly put: readonly Row[];
  readonly removed: readonly Key[];
}

const NO_CHANGES = { put: [], removed: [] } as const;

/** Rows to write in one commit. The last word on a key wins, so a row that comes and goes leaves only its absence. */
export class RowChanges {
  readonly #tables = new Map<ChangingTable, Map<Key, unknown>>();
  readonly #events: LoggedEvent[] = [];
  #onDurable: (() => void)[] = [];

  put<T extends ChangingTable>(table: T, row: Tables[T]): this {
    const keyOf = TABLES[table].keyOf as (row: Tables[T]) => Key;
    this.#table(table).set(keyOf(row), row);
    return this;
  }

  remove(table: ChangingTable, key: Key): this {
    this.#table(table).set(key, null);
    return this;
  }

  /** Adds an event to the log. Its sequence must be greater than all that the log has. */
  append(event: LoggedEvent): this {
    this.#events.push(event);
    return this;
  }

  /** Events to be added to the log. */
  get events(): readonly LoggedEvent[] {
    return this.#events;
  }

  /** Takes over all of `other`, which comes later. */
  merge(other: RowChanges): void {
    for (const [table, rows] of other.#tables) {
      const mine = this.#table(table);
      for (const [key, row] of rows) mine.set(key, row);
    }
    for (const event of other.#events) this.append(event);
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

  of<T extends ChangingTable>(table: T): TableChanges<Tables[T]> {
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

  #table(table: ChangingTable): Map<Key, unknown> {
    let rows = this.#tables.get(table);
    if (rows === undefined) {
      rows = new Map();
      this.#tables.set(table, rows);
    }
    return rows;
  }
}
