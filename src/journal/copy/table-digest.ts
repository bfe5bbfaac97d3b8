import { createHash } from 'node:crypto';
import type { Journal } from '../journal.js';
import type { TableName, Tables } from '../tables.js';

/** The rows of a table: how many there are, and a hash of them in the order of their keys. */
export interface TableDigest {
  readonly rows: number;
  readonly digest: string;
}

/**
 * Reads a whole table, page by page.
 *
 * @param use called with each page.
 */
export async function digestOf(
  journal: Journal,
  table: TableName,
  use: (rows: readonly Tables[TableName][]) => Promise<void> = () => Promise.resolve(),
): Promise<TableDigest> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const rows of journal.pages(table)) {
    for (const row of rows) hash.update(`${canonical(row)}\n`);
    count += rows.length;
    await use(rows);
  }
  return { rows: count, digest: hash.digest('hex') };
}

/** The same for equal rows, in whatever order an engine returns their fields. */
function canonical(row: object): string {
  return JSON.stringify(row, (_, value: unknown) => (isRecord(value) ? sorted(value) : value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
