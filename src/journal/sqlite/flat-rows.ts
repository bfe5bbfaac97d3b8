import { EVENT_COLUMNS, eventFromRow } from '../rows/event-columns.js';
import type { EventRow } from '../rows/event-row.js';
import type { TableName, Tables } from '../tables.js';

/** A row as a table of the database has it: one value a column. */
export type FlatRow<T extends TableName> = T extends 'events' ? EventRow : Tables[T];

/** Reads the value of a column from a row that is to be written. */
export type ReadColumn = (row: object) => unknown;

/** Events have columns of their own; the properties of all other rows are their columns. */
export function columnReader(table: TableName, property: string): ReadColumn {
  if (table === 'events') return EVENT_COLUMNS[property as keyof EventRow] as ReadColumn;
  return (row) => row[property as keyof typeof row];
}

/** The rows that were read from a table, as the journal gives them out. */
export function fromFlatRows<T extends TableName>(table: T, rows: FlatRow<T>[]): Tables[T][] {
  return (table === 'events' ? (rows as EventRow[]).map(eventFromRow) : rows) as Tables[T][];
}
