/** A value of a column, as PostgreSQL keeps it. */
export type Value = string | number | boolean | null;

/** By the names of the columns. */
export type Row = Readonly<Record<string, Value>>;

type Rows = ReadonlyMap<Value, Row>;

const NONE: Rows = new Map();

/** All tables of a database at one moment. It never changes: a commit makes another one, which shares the tables that it left alone. */
export class DatabaseState {
  readonly #tables: ReadonlyMap<string, Rows>;

  private constructor(tables: ReadonlyMap<string, Rows>) {
    this.#tables = tables;
  }

  /** A database whose schema has just been created. */
  static empty(serverRow: Row): DatabaseState {
    return new DatabaseState(new Map([['server', new Map([[1, serverRow]])]]));
  }

  /** The single row of the table `server`. */
  get server(): Row {
    const row = this.rows('server').get(1);
    if (row === undefined) throw new Error('the row of the table server is missing');
    return row;
  }

  rows(table: string): Rows {
    return this.#tables.get(table) ?? NONE;
  }

  withServer(row: Row): DatabaseState {
    return this.changed('server', (rows) => rows.set(1, row));
  }

  changed(table: string, change: (rows: Map<Value, Row>) => void): DatabaseState {
    const rows = new Map(this.rows(table));
    change(rows);
    return new DatabaseState(new Map(this.#tables).set(table, rows));
  }
}

export function numberIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`${column} is ${String(value)}, not a number`);
  return value;
}
