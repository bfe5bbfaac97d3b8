import type { Journal } from '../../journal/journal.js';
import { RowChanges } from '../../journal/row-changes.js';
import type { Tables } from '../../journal/tables.js';
import type { LockStore } from '../lock-store.js';

/** Tables with encrypted columns. */
type SealedTable = 'webhooks' | 'proof_keys' | 'memberships';

/** A row that is now encrypted with the first key, or why it is not. `current`: it was already, or it has no secret. */
export type ResealedRow<Row> =
  { readonly kind: 'resealed'; readonly row: Row } | { readonly kind: 'current' | 'lost' };

export interface ResealCounts {
  /** How many rows were encrypted again. */
  readonly resealed: number;
  /** How many rows have a secret that no key decrypts. */
  readonly lost: number;
}

interface Parts {
  readonly journal: Pick<Journal, 'pages'>;
  readonly store: Pick<LockStore, 'write'>;
  /** Adds what the audit records to the rows of each commit. */
  readonly record: (table: SealedTable, count: number, rows: RowChanges) => void;
}

/** Encrypts the secrets of a table again where another key than the first has encrypted them. Resolves when that is durable. */
export async function resealTable<T extends SealedTable>(
  { journal, store, record }: Parts,
  table: T,
  reseal: (row: Tables[T]) => ResealedRow<Tables[T]>,
): Promise<ResealCounts> {
  let resealed = 0;
  let lost = 0;
  for await (const page of journal.pages(table)) {
    const results = page.map(reseal);
    const changed = results.filter((result) => result.kind === 'resealed');
    lost += results.filter(({ kind }) => kind === 'lost').length;
    resealed += changed.length;
    const rows = new RowChanges();
    for (const { row } of changed) rows.put(table, row);
    if (changed.length === 0) continue;
    record(table, changed.length, rows);
    await store.write(rows);
  }
  return { resealed, lost };
}
