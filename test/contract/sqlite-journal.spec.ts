import { join } from 'node:path';
import { RawDatabase } from '../../src/journal/sqlite/raw-database.js';
import { openJournalAt } from '../support/journal.js';
import { makeFolder } from '../support/temp-folder.js';
import { journalContract } from './journal-contract.js';

journalContract('SQLite', async () => {
  const folder = makeFolder();
  const path = join(folder.path, 'octostore.db');
  return {
    connect: () => openJournalAt(path),
    depose: async () => {
      const other = await RawDatabase.open(path, 'existing', 5_000);
      await other.execute('update server set epoch = epoch + 1');
      await other.close();
    },
    remove: async () => folder.remove(),
  };
});
