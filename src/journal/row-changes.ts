import type { JsonObject } from './canonical-json.js';
import type { LoggedEvent } from './logged-event.js';
import { TABLES, type ChangingTable, type Key, type Tables } from './tables.js';

/** The changes that a commit makes to one table. A key is in at most one of the two lists. */
export interface TableChanges<Row> {
  readonly put: readonly Row[];
  readonly removed: readonly Key[];
}

const NO_CHANGES = { put: [], removed: [] } as const;

/** Rows to write in one commit. The last change to a key wins, so a row that is put and then removed is only removed. */
export class RowChanges {
  readonly #tables = new Map<ChangingTable, Map<Key, unknown>>();
  readonly #events: LoggedEvent[] = [];
  #unsealed: JsonObject[] = [];
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

  /** Adds an event to the log. Its sequence must be greater than those in the log. */
  append(event: LoggedEvent): this {
    this.#events.push(event);
    return this;
  }

  /** The events to add to the log. */
  get events(): readonly LoggedEvent[] {
    return this.#events;
  }

  /** Adds what the audit records. It becomes a row of `audit_records` when the order of all records is certain: see `takeUnsealed`. */
  record(facts: JsonObject): this {
    this.#unsealed.push(facts);
    return this;
  }

  /** Removes what was recorded, in order, so that it can be added as rows. Call this when nothing else can come before these rows. */
  takeUnsealed(): readonly JsonObject[] {
    const unsealed = this.#unsealed;
    if (unsealed.length > 0) this.#unsealed = [];
    return unsealed;
  }

  /** Adds all changes of `other`, which are later than these, with its tasks. */
  merge(other: RowChanges): void {
    for (const [table, rows] of other.#tables) {
      const mine = this.#table(table);
      for (const [key, row] of rows) mine.set(key, row);
    }
    for (const event of other.#events) this.append(event);
    for (const facts of other.#unsealed) this.record(facts);
    for (const task of other.#onDurable) this.onDurable(task);
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
