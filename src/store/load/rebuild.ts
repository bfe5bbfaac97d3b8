import { nextRecord, withGraces } from '../../core/grace.js';
import type { Instant } from '../../core/model/time.js';
import { recover, type DurableState, type Recovery } from '../../core/recovery.js';
import type { ServerRow } from '../../journal/rows/server-row.js';
import type { Succession } from '../../journal/succession.js';
import { graceRecordFromText, graceRecordToText } from './stored-graces.js';

export interface Rebuilt extends Recovery {
  /** What every commit of the term writes into the column of this name. */
  readonly graces: string | null;
}

/**
 * Rebuilds the state. After a restart, leases whose deadlines have passed are gone. After a take-over they are judged at the last instant
 * that the old leader has committed: another leader could have renewed them in time.
 *
 * @param server the row that the last term has left.
 */
export function rebuild(
  durable: DurableState,
  server: Pick<ServerRow, 'lastInstant' | 'graces'>,
  { kind }: Succession,
  now: Instant,
  graceSeconds: number,
): Rebuilt {
  if (kind === 'restart') return { ...recover(durable, now, graceSeconds), graces: server.graces };
  const before = graceRecordFromText(server.graces);
  const record = nextRecord(before, server.lastInstant as Instant, now, graceSeconds);
  return { ...recover(withGraces(durable, record.graces), now, 0), graces: graceRecordToText(record) };
}
