import type { FencingToken, Sequence } from '../../core/model/ids.js';
import type { DurableState } from '../../core/recovery.js';
import type { ServerRow } from '../../journal/rows/server-row.js';
import type { TableName, Tables } from '../../journal/tables.js';
import type { Journal } from '../../journal/journal.js';
import { leaseFromRow, sessionFromRow } from '../commit/codec.js';
import { expectUsableNumbers } from './numbers.js';

/** What the journal remembers of the law's state, as the law's values. Throws `UnusableNumbersError`. */
export async function loadDurableState(journal: Journal, server: ServerRow): Promise<DurableState> {
  const leases = await loadAs(journal, 'leases', leaseFromRow);
  expectUsableNumbers(server, leases);
  return {
    leases,
    sessions: await loadAs(journal, 'sessions', sessionFromRow),
    lastFencingToken: server.lastFencingToken as FencingToken,
    lastSequence: server.lastSequence as Sequence,
  };
}

/** There may be a million rows, so they are let go of page by page. */
async function loadAs<T extends TableName, V>(
  journal: Journal,
  table: T,
  valueOf: (row: Tables[T]) => V,
): Promise<V[]> {
  const values: V[] = [];
  for await (const rows of journal.pages(table)) for (const row of rows) values.push(valueOf(row));
  return values;
}
