import { createHash } from 'node:crypto';
import { canonicalJson, type JsonObject } from '../canonical-json.js';
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
    for (const row of rows) hash.update(`${canonicalJson({ ...row } as JsonObject)}\n`);
    count += rows.length;
    await use(rows);
  }
  return { rows: count, digest: hash.digest('hex') };
}
