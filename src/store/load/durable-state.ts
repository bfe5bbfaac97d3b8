import type { FencingToken, Sequence } from '../../core/model/ids.js';
import type { DurableState } from '../../core/recovery.js';
import type { ServerRow } from '../../journal/rows/server-row.js';
import type { TableName, Tables } from '../../journal/tables.js';
import type { Journal } from '../../journal/journal.js';
import {
  brokenLeaseFromRow,
  coolingFromRow,
  fenceFromRow,
  leaseFromRow,
  sessionFromRow,
} from '../commit/codec.js';
import { assertUsableNumbers } from './numbers.js';

/** The state that the journal has kept, as values of the core. Throws `UnusableNumbersError` and `UnusableRowError`. */
export async function loadDurableState(journal: Journal, server: ServerRow): Promise<DurableState> {
  const leases = await loadAs(journal, 'leases', leaseFromRow);
  const fences = await loadAs(journal, 'fences', fenceFromRow);
  assertUsableNumbers(server, leases, fences);
  return {
    leases,
    sessions: await loadAs(journal, 'sessions', sessionFromRow),
    coolings: await loadAs(journal, 'coolings', coolingFromRow),
    brokenLeases: await loadAs(journal, 'broken_leases', brokenLeaseFromRow),
    fences,
    lastFencingToken: server.lastFencingToken as FencingToken,
    lastSequence: server.lastSequence as Sequence,
  };
}

/** Converts page by page. There may be a million rows, and the memory of each page can be freed once it is converted. */
async function loadAs<T extends TableName, V>(
  journal: Journal,
  table: T,
  valueOf: (row: Tables[T]) => V,
): Promise<V[]> {
  const values: V[] = [];
  for await (const rows of journal.pages(table)) for (const row of rows) values.push(valueOf(row));
  return values;
}
