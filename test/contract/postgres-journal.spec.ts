import { describe, test } from 'vitest';
import { SystemClock } from '../../src/clock/system-clock.js';
import { openJournal } from '../../src/journal/open-journal.js';
import { sharedCluster } from '../support/postgres/shared-cluster.js';
import { TestDatabase } from '../support/postgres/test-database.js';
import { journalContract } from './journal-contract.js';

const cluster = await sharedCluster();

if (cluster === null) {
  describe.skip('the journal in PostgreSQL', () => {
    test.todo('is not installed');
  });
} else {
  journalContract('PostgreSQL', async () => {
    const database = await TestDatabase.create(cluster);
    return {
      connect: () => openJournal(database.location(), new SystemClock()),
      depose: async () => {
        await database.query(
          'update server set epoch = epoch + 1, reign = gen_random_uuid(), commit_no = commit_no + 1, leader_url = null',
        );
      },
      remove: () => database.drop(),
    };
  });
}
