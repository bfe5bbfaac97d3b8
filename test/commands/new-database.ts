import { SqliteJournal } from '../../src/store/sqlite/sqlite-journal.js';

/** Makes a new database, as a server would at its first start. */
export async function makeDatabase(path: string): Promise<void> {
  const journal = new SqliteJournal(path);
  await journal.open();
  await journal.close();
}
