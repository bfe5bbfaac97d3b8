import { expect, onTestFinished, test } from 'vitest';
import { SystemClock } from '../../src/clock/system-clock.js';
import { openJournal } from '../../src/journal/open-journal.js';
import { journalContract } from '../contract/journal-contract.js';
import { TestDatabase } from '../support/postgres/test-database.js';
import { describeWithBouncer } from './with-bouncer.js';

/** What a process leaves that has led a term, and has resigned. */
const ANOTHER_TERM = `update server set
  epoch = epoch + 1, commit_no = commit_no + 1, reign = gen_random_uuid(), leader_url = null`;

await describeWithBouncer('the contract', (bouncer, cluster) => {
  journalContract('PostgreSQL', async () => {
    const database = await TestDatabase.create(cluster);
    return {
      connect: () => openJournal(database.location({ hosts: [bouncer.host] }), new SystemClock()),
      depose: async () => void (await database.query(ANOTHER_TERM)),
      remove: () => database.drop(),
    };
  });
});

await describeWithBouncer('a new database', (bouncer, cluster) => {
  test('gets its schema once, although several servers start together', async () => {
    const database = await TestDatabase.empty(cluster);
    onTestFinished(() => database.drop());
    const location = database.location({ hosts: [bouncer.host] });
    const journals = await Promise.all(
      Array.from({ length: 4 }, () => openJournal(location, new SystemClock())),
    );
    onTestFinished(async () => void (await Promise.all(journals.map((journal) => journal.close()))));
    const migrations = await database.query<{ name: string }>('select name from migrations');
    expect(new Set(migrations.map(({ name }) => name)).size).toBe(migrations.length);
    expect((await journals[0]?.lead())?.epoch).toBe(1);
  });
});
