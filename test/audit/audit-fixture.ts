import { AuditTrail } from '../../src/audit/audit-trail.js';
import type { AuditEntry } from '../../src/audit/audit-entry.js';
import { exportedLine, type AuditHead } from '../../src/audit/audit-record.js';
import { OPERATOR_ORIGIN } from '../../src/audit/origin.js';
import { ChainVerifier, type Verified } from '../../src/audit/verify-chain.js';
import type { Journal } from '../../src/journal/journal.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import type { LockStore } from '../../src/store/lock-store.js';
import { ManualClock } from '../support/manual-clock.js';

export function entryOn(id: string): AuditEntry {
  return {
    action: 'token.create',
    origin: OPERATOR_ORIGIN,
    subject: { kind: 'token', id },
    outcome: 'ok',
    details: { user: 'local:ci', label: null },
  };
}

/** Records acts, one commit each. */
export async function recordAll(
  store: LockStore,
  ids: readonly string[],
  clock = new ManualClock(),
): Promise<void> {
  const trail = new AuditTrail(clock);
  for (const id of ids) {
    const rows = new RowChanges();
    trail.record(rows, entryOn(id));
    await store.write(rows);
  }
}

/** All records, as they are exported. */
export async function linesOf(journal: Journal): Promise<string[]> {
  return (await journal.load('audit_records')).map(exportedLine);
}

export function verify(lines: readonly string[], head: AuditHead | null = null): Verified {
  const verifier = new ChainVerifier(head);
  for (const line of lines) verifier.add(line);
  return verifier.finish();
}

export function subjectsOf(lines: readonly string[]): string[] {
  return lines.map((line) => (JSON.parse(line) as { subject: { id: string } }).subject.id);
}
