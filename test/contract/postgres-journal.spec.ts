import { SystemClock } from '../../src/clock/system-clock.js';
import { openJournal } from '../../src/journal/open-journal.js';
import { TestDatabase } from '../support/postgres/test-database.js';
import { describeWithCluster } from '../support/postgres/with-cluster.js';
import { journalContract } from './journal-contract.js';

/** What a process leaves that has led a term, and has resigned. */
const ANOTHER_TERM = `update server set
  epoch = epoch + 1, commit_no = commit_no + 1, reign = gen_random_uuid(), leader_url = null`;

await describeWithCluster('the contract', (cluster) => {
  journalContract('PostgreSQL', async () => {
    const database = await TestDatabase.create(cluster);
    return {
      connect: () => openJournal(database.location(), new SystemClock()),
      depose: async () => void (await database.query(ANOTHER_TERM)),
      remove: () => database.drop(),
    };
  });
});
