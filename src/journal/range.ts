import type { INDEXES, Key, TableName } from './tables.js';

/** The order in which to read the rows of a table: by key, or by one of the table's indexes. */
export type Order<T extends TableName> = 'key' | IndexOf<T>;

type IndexOf<T extends TableName> = T extends keyof typeof INDEXES ? keyof (typeof INDEXES)[T] : never;

/** Which rows to read in that order, and how many. */
export interface Range {
  /** If an index gives the order, the value of its first column. */
  readonly of?: Key;
  /** Only rows after this key. */
  readonly after?: Key;
  /** Only rows before this key. */
  readonly before?: Key;
  /** Reads backwards, from the last row. */
  readonly isDescending?: boolean;
  readonly limit: number;
}
