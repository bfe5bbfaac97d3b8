import { openJournalAt } from '../support/journal.js';

/** Makes a new database, as a server would at its first start. */
export async function makeDatabase(path: string): Promise<void> {
  const journal = await openJournalAt(path);
  await journal.lead();
  await journal.close();
}
