import { AuditChain } from '../../audit/audit-chain.js';
import type { AuditEntry } from '../../audit/audit-entry.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { OPERATOR_ORIGIN } from '../../audit/origin.js';
import { SystemClock } from '../../clock/system-clock.js';
import type { Journal } from '../../journal/journal.js';
import type { RowChanges } from '../../journal/row-changes.js';

/**
 * Adds what the audit says about an operator's command, and chains it, since no server is running that could. Write the rows next.
 *
 * @param restoredAt from the server row that the last term left.
 */
export async function recordAct(
  rows: RowChanges,
  { journal, restoredAt }: { readonly journal: Journal; readonly restoredAt: number },
  act: Pick<AuditEntry, 'action' | 'details'>,
): Promise<void> {
  const clock = new SystemClock();
  const chain = await AuditChain.load(journal, restoredAt);
  chain.recordJump(rows, clock.wallMs());
  new AuditTrail(clock).record(rows, { ...act, origin: OPERATOR_ORIGIN, subject: null, outcome: 'ok' });
  chain.seal(rows);
}
