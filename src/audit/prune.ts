import type { Journal } from '../journal/journal.js';
import { RowChanges } from '../journal/row-changes.js';
import type { AuditRow } from '../journal/rows/audit-row.js';
import type { AuditTrail } from './audit-trail.js';
import { exportedLine, parsedObject } from './audit-record.js';
import { SERVER_ORIGIN } from './origin.js';
import { ChainVerifier } from './verify-chain.js';

/** How many records one commit deletes. */
const PRUNED_AT_ONCE = 1_000;

interface Parts {
  readonly journal: Pick<Journal, 'page'>;
  readonly trail: AuditTrail;
  readonly write: (rows: RowChanges) => Promise<void>;
}

/**
 * Deletes the records from before a time, in batches. The last one of each batch is recorded in the same commit, so that the rest can
 * still be checked. The newest record always stays.
 *
 * Records that were edited stay, with all that come after them: otherwise an edited time would make the server itself remove what was
 * recorded, and say that it has. Returns whether there were none.
 */
export async function pruneBefore({ journal, trail, write }: Parts, beforeMs: number): Promise<boolean> {
  for (;;) {
    const page = await journal.page('audit_records', 'key', { limit: PRUNED_AT_ONCE + 1 });
    const old = page.slice(0, -1);
    const kept = old.findIndex((row) => !isBefore(row, beforeMs));
    const pruned = kept === -1 ? old : old.slice(0, kept);
    const last = pruned.at(-1);
    if (last === undefined) return true;
    if (!areSound(page.slice(0, pruned.length + 1))) return false;
    const rows = new RowChanges();
    for (const { number } of pruned) rows.remove('audit_records', number);
    trail.record(rows, {
      action: 'audit.prune',
      origin: SERVER_ORIGIN,
      subject: null,
      outcome: 'ok',
      details: { through: { number: last.number, hash: last.hash }, records: pruned.length },
    });
    await write(rows);
    if (pruned.length < PRUNED_AT_ONCE) return true;
  }
}

/** Whether these records are what the server wrote, as far as they show it: the last one has the hash of the one before it. */
function areSound(rows: readonly AuditRow[]): boolean {
  const verifier = new ChainVerifier();
  for (const row of rows) verifier.add(exportedLine(row));
  return !verifier.hasFlaw;
}

/** A record that does not say when it was made is kept, and so is what comes after it. */
function isBefore({ record }: AuditRow, beforeMs: number): boolean {
  const at = parsedObject(record)?.['at'];
  return typeof at === 'string' && Date.parse(at) < beforeMs;
}
