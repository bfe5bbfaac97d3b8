import { Logger } from '@nestjs/common';
import { SystemClock } from '../../../clock/system-clock.js';
import type { Config } from '../../../config/config.js';
import { locateDatabase, type DatabaseLocation } from '../../../installation/database-location.js';
import { moveJournal } from '../../../journal/copy/move-journal.js';
import type { Journal } from '../../../journal/journal.js';
import { RowChanges } from '../../../journal/row-changes.js';
import { secretKeysOf } from '../../../secrets/secret-keys.js';
import { requireDatabase } from '../sqlite/require-database.js';
import { recordAct } from '../record-act.js';
import { withLead } from '../with-lead.js';
import { checkSecrets } from './check-secrets.js';
import type { Route } from './route.js';

/** `octostore migrate --from DATABASE --to DATABASE` */
export async function migrate(config: Config, route: Route): Promise<void> {
  // Log lines of the server do not belong in the output of a command.
  Logger.overrideLogger(false);
  const clock = new SystemClock();
  const keys = secretKeysOf({ ...config, DATABASE_URL: route.to });
  const from = await locateDatabase(route.from, passwordFileFor(route.from.engine, config));
  const to = await locateDatabase(route.to, passwordFileFor(route.to.engine, config));
  if (from.engine === 'sqlite') requireDatabase(from);
  await withLead(from, clock, async (original) => {
    if (keys !== null) await checkSecrets(original, from, keys);
    await withLead(to, clock, (copy) => moveAll(original, copy, { from, to }));
  });
}

async function moveAll(
  original: Journal,
  copy: Journal,
  { from, to }: { readonly from: DatabaseLocation; readonly to: DatabaseLocation },
): Promise<void> {
  const { server } = await moveJournal(original, copy, {
    onTable: (table, rows) => {
      if (rows > 0)
        process.stdout.write(`Copied and compared ${rows} ${rows === 1 ? 'row' : 'rows'} of ${table}.\n`);
    },
    lastRows: (journal, { restoredAt }) => recordOfMove(journal, restoredAt, from.name),
  });
  process.stdout.write(
    `Everything in ${from.name} is now in ${to.name}. Fencing tokens continue above ${server.lastFencingToken}.\n` +
      'Set DATABASE_URL to the new database, keep SECRET_KEY as it is, and start the server. No server starts on the old database now.\n',
  );
}

/** Continues the audit in the copy. */
async function recordOfMove(copy: Journal, restoredAt: number, from: string): Promise<RowChanges> {
  const rows = new RowChanges();
  await recordAct(rows, { journal: copy, restoredAt }, { action: 'database.move', details: { from } });
  return rows;
}

function passwordFileFor(engine: DatabaseLocation['engine'], config: Config): string | undefined {
  return engine === 'postgres' ? config.DATABASE_PASSWORD_FILE : undefined;
}
