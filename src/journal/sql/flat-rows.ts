import { EVENT_COLUMNS, eventFromRow } from '../rows/event-columns.js';
import type { EventRow } from '../rows/event-row.js';
import type { TableName, Tables } from '../tables.js';

/** A row of a database table, with one value per column. */
export type FlatRow<T extends TableName> = T extends 'events' ? EventRow : Tables[T];

/** Reads the value of one column from a row to be written. */
export type ReadColumn = (row: object) => unknown;

/** The columns of an event are computed. For all other rows, each property is a column. */
export function columnReader(table: TableName, property: string): ReadColumn {
  if (table === 'events') return EVENT_COLUMNS[property as keyof EventRow] as ReadColumn;
  return (row) => row[property as keyof typeof row];
}

/** Converts rows that were read from a table to the values that the journal returns. */
export function fromFlatRows<T extends TableName>(table: T, rows: FlatRow<T>[]): Tables[T][] {
  return (table === 'events' ? (rows as EventRow[]).map(eventFromRow) : rows) as Tables[T][];
}
