import { watermarksOf, type Watermarks } from '../batch.js';
import type { Journal } from '../journal.js';
import { RowChanges } from '../row-changes.js';
import type { ServerRow } from '../rows/server-row.js';
import { TABLE_NAMES, type ChangingTable, type TableName, type Tables } from '../tables.js';
import { assertNotMarked } from './assert-not-marked.js';
import { MOVED_AWAY, UNFINISHED_COPY } from './marks.js';
import { digestOf, type TableDigest } from './table-digest.js';

/** The database to copy to has been used before. */
export class NotEmptyError extends Error {
  override readonly name = 'NotEmptyError';
}

/** The copy differs from the original. */
export class CopyDiffersError extends Error {
  override readonly name = 'CopyDiffersError';
}

export interface Copied {
  /** How many rows were copied, by table. */
  readonly rows: ReadonlyMap<TableName, number>;
  readonly server: ServerRow;
}

export interface Moving {
  /** Called when a table has been copied, with its number of rows. */
  readonly onTable?: (table: TableName, rows: number) => void;
  /** What to add to the copy when it is complete. */
  readonly lastRows?: (copy: Journal, server: ServerRow) => Promise<RowChanges>;
}

/**
 * Moves everything that a journal stores to another one, which must be empty, and compares the two. No server can use either of
 * them in the meantime, because this leads both. The counters come last, so a copy that did not finish cannot be mistaken for the
 * whole. At the end the original is marked, because two servers would issue the same tokens. Throws `NotEmptyError`,
 * `CopyDiffersError`, and `UnusableNumbersError`.
 */
export async function moveJournal(
  from: Journal,
  to: Journal,
  { onTable, lastRows }: Moving = {},
): Promise<Copied> {
  const server = await from.lead();
  assertNotMarked(server);
  const { epoch, ...fresh } = await to.lead();
  await assertEmpty(to, fresh);
  const watermarks = watermarksOf(server);
  const unfinished = { ...watermarks, lastFencingToken: UNFINISHED_COPY };
  const commit = (rows: RowChanges, values: Watermarks): Promise<void> =>
    to.commit({ epoch, watermarks: values, rows });
  await commit(new RowChanges(), unfinished);
  const rows = new Map<TableName, number>();
  for (const table of TABLE_NAMES) {
    const original = await copyTable(from, table, (changes) => commit(changes, unfinished));
    await assertSame(to, table, original);
    rows.set(table, original.rows);
    onTable?.(table, original.rows);
  }
  await commit((await lastRows?.(to, server)) ?? new RowChanges(), watermarks);
  await from.commit({
    epoch: server.epoch,
    watermarks: { ...watermarks, lastFencingToken: MOVED_AWAY },
    rows: new RowChanges(),
  });
  return { rows, server };
}

async function copyTable(
  from: Journal,
  table: TableName,
  write: (changes: RowChanges) => Promise<void>,
): Promise<TableDigest> {
  return digestOf(from, table, async (rows) => {
    const changes = new RowChanges();
    for (const row of rows) add(changes, table, row);
    await write(changes);
  });
}

function add<T extends TableName>(changes: RowChanges, table: T, row: Tables[T]): void {
  if (table === 'events') changes.append(row as Tables['events']);
  else changes.put(table, row as Tables[ChangingTable]);
}

async function assertSame(to: Journal, table: TableName, original: TableDigest): Promise<void> {
  const copy = await digestOf(to, table);
  if (copy.rows === original.rows && copy.digest === original.digest) return;
  throw new CopyDiffersError(
    `The copy of the table "${table}" differs from the original (${original.rows} rows, ${copy.rows} in the copy). ` +
      'The original is unchanged. Delete the new database, and report this.',
  );
}

/** Throws `NotEmptyError` if a database has been used. */
export async function assertEmpty(to: Journal, server: Omit<ServerRow, 'epoch'>): Promise<void> {
  if (server.lastFencingToken === UNFINISHED_COPY) {
    throw new NotEmptyError(
      'An earlier "octostore migrate" to this database did not finish. Delete the database, create it again, and repeat the command.',
    );
  }
  for (const table of TABLE_NAMES) {
    const rows = await to.page(table, 'key', { limit: 1 });
    if (rows.length > 0) throw notEmpty();
  }
  if (server.lastFencingToken !== 0 || server.lastSequence !== 0) throw notEmpty();
}

function notEmpty(): NotEmptyError {
  return new NotEmptyError('The database to copy to is not empty. Name one that has not been used.');
}
