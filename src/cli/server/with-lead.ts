import type { Clock } from '../../clock/clock.js';
import type { DatabaseLocation } from '../../installation/database-location.js';
import { DatabaseLedError } from '../../journal/errors.js';
import type { Journal } from '../../journal/journal.js';
import { openJournal } from '../../journal/open-journal.js';
import type { ServerRow } from '../../journal/rows/server-row.js';
import { within } from './postgres/within.js';

/** How long to wait for a lead, in milliseconds. It takes 3 seconds to notice that a server has died. */
const LEAD_MS_MAX = 10_000;

/**
 * Runs `use` with a journal that leads, and the server row that the last term left. Throws `DatabaseInUseError` or
 * `DatabaseLedError` if a server uses the database.
 */
export async function withLead<T>(
  location: DatabaseLocation,
  clock: Clock,
  use: (journal: Journal, server: ServerRow) => Promise<T>,
): Promise<T> {
  const journal = await openJournal(location, clock);
  try {
    const server = await within(LEAD_MS_MAX, clock, journal.lead());
    if (server === null) throw new DatabaseLedError(location.name);
    return await use(journal, server);
  } finally {
    await journal.close();
  }
}
