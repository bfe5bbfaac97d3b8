import type { Clock } from '../../clock/clock.js';
import type { PostgresLocation } from '../../installation/postgres-location.js';
import { watermarksOf } from '../batch.js';
import type { Journal } from '../journal.js';
import { RowChanges } from '../row-changes.js';
import type { ServerRow } from '../rows/server-row.js';
import type { DeclaredRestored } from '../shared-database.js';
import { PostgresJournal } from './postgres-journal.js';
import { TIMING, type Timing } from './term/timing.js';

/** Declares that a database has been restored. See `SharedDatabase`. */
export async function declareRestored(
  location: PostgresLocation,
  clock: Clock,
  timing: Timing = TIMING,
): Promise<DeclaredRestored> {
  const journal = await PostgresJournal.connect(location, clock, timing);
  try {
    const writtenAtMs = await journal.writtenAtMs();
    const server = await journal.leadRestored();
    await endAll(journal, server);
    return { fencingToken: server.lastFencingToken, writtenAtMs };
  } finally {
    await journal.close();
  }
}

/** Ends all leases and sessions in one commit. The first sweep tells watchers and webhooks. */
async function endAll(journal: Journal, server: ServerRow): Promise<void> {
  const rows = new RowChanges();
  for await (const page of journal.pages('leases'))
    for (const lease of page) rows.put('leases', { ...lease, deadline: 0 });
  for await (const page of journal.pages('coolings'))
    for (const cooling of page) rows.put('coolings', { ...cooling, until: 0 });
  for await (const page of journal.pages('sessions')) {
    for (const session of page)
      if (session.state === 'active') rows.put('sessions', { ...session, deadline: 0 });
  }
  const watermarks = { ...watermarksOf(server), bootId: null };
  await journal.commit({ epoch: server.epoch, watermarks, rows });
}
