import type { INDEXES, Key, TableName } from './tables.js';

/** In which order the rows of a table are read: by their keys, or by an index of the table. */
export type Order<T extends TableName> = 'key' | IndexOf<T>;

type IndexOf<T extends TableName> = T extends keyof typeof INDEXES ? keyof (typeof INDEXES)[T] : never;

/** Which rows of an order are read, and how many. */
export interface Range {
  /** The one value of the index's first column, where an index orders the rows. */
  readonly of?: Key;
  /** Only rows beyond this place. */
  readonly after?: Key;
  /** Only rows before this place. */
  readonly before?: Key;
  /** Begins with the last row instead of the first. */
  readonly isDescending?: boolean;
  readonly limit: number;
}
