import { SystemClock } from '../../src/clock/system-clock.js';
import { SqliteLocation } from '../../src/installation/sqlite-location.js';
import type { Journal } from '../../src/journal/journal.js';
import { openJournal } from '../../src/journal/open-journal.js';

/** Connects to the database at a path. The caller closes it. */
export async function openJournalAt(path: string): Promise<Journal> {
  return openJournal(await SqliteLocation.find(path), new SystemClock());
}
