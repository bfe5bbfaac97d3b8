import { openJournalAt } from '../support/journal.js';

/** Creates a new database, as a server does at its first start. */
export async function makeDatabase(path: string): Promise<void> {
  const journal = await openJournalAt(path);
  await journal.lead();
  await journal.close();
}
