import { Logger } from '@nestjs/common';
import { SystemClock } from '../../../clock/system-clock.js';
import type { Config } from '../../../config/config.js';
import { LAST_NUMBER } from '../../../core/model/limits.js';
import { locateDatabase } from '../../../installation/database-location.js';
import { watermarksOf } from '../../../journal/batch.js';
import { assertNotMarked } from '../../../journal/copy/assert-not-marked.js';
import type { Journal } from '../../../journal/journal.js';
import { RowChanges } from '../../../journal/row-changes.js';
import type { ServerRow } from '../../../journal/rows/server-row.js';
import { UsageError } from '../installation/usage-error.js';
import { recordAct } from '../record-act.js';
import { withLead } from '../with-lead.js';

/** The counter can never be lowered again, so a mistyped floor must not use up most of the tokens. */
const FLOOR_MAX = Math.floor(LAST_NUMBER / 2);

/**
 * `octostore fencing floor NUMBER`: fencing tokens continue above the number. The counter never goes down. Leases and fences stay as
 * they are, because their tokens are lower than all that follow.
 */
export async function raiseFloor(config: Config, floor: number): Promise<void> {
  if (floor > FLOOR_MAX) {
    throw new UsageError(`The floor is ${FLOOR_MAX} at most, so that enough fencing tokens are left.`);
  }
  // Log lines of the server do not belong in the output of a command.
  Logger.overrideLogger(false);
  const location = await locateDatabase(config.DATABASE_URL, config.DATABASE_PASSWORD_FILE);
  const before = await withLead(location, new SystemClock(), async (journal, server) => {
    assertNotMarked(server);
    if (floor > server.lastFencingToken) await raise(journal, server, floor);
    return server.lastFencingToken;
  });
  process.stdout.write(
    floor > before
      ? `Fencing tokens of ${location.name} continue above ${floor}. They were at ${before}.\n`
      : `Fencing tokens of ${location.name} already continue above ${before}, so nothing was changed.\n`,
  );
}

async function raise(journal: Journal, server: ServerRow, floor: number): Promise<void> {
  const rows = new RowChanges();
  const { restoredAt, lastFencingToken: from } = server;
  await recordAct(rows, { journal, restoredAt }, { action: 'fencing.floor', details: { from, to: floor } });
  const watermarks = { ...watermarksOf(server), lastFencingToken: floor };
  await journal.commit({ epoch: server.epoch, watermarks, rows });
}
