import { expect, onTestFinished, test } from 'vitest';
import { describedSchema } from '../../../lab/kit/simulated-postgres/described-schema.js';
import { SystemClock } from '../../../src/clock/system-clock.js';
import { TermEndedError } from '../../../src/journal/errors.js';
import { connectToPrimary, type Primary } from '../../../src/journal/postgres/connection/primary.js';
import { assembleParts } from '../../../src/journal/postgres/open-parts.js';
import { PostgresJournal } from '../../../src/journal/postgres/postgres-journal.js';
import { TIMING } from '../../../src/journal/postgres/term/timing.js';
import { RowChanges } from '../../../src/journal/row-changes.js';
import { NUMBERS_SKIPPED_MIN } from '../../../src/journal/skipped-numbers.js';
import { leaseRow, WATERMARKS } from '../../support/store-rows.js';
import type { TestDatabase } from '../../support/postgres/test-database.js';
import {
  commitLease,
  connectTo,
  leadAt,
  testDatabase,
  tokensIn,
} from '../../support/postgres/test-journal.js';
import { describeWithCluster } from '../../support/postgres/with-cluster.js';

const TERM_LOST = 'The database has lost commits of this term, so a new term must begin.';

const PID = expect.any(Number) as number;

/** The processes of the server that serve the journal. */
async function servers(database: TestDatabase): Promise<number[]> {
  const rows = await database.query<{ pid: number }>(
    "select pid from pg_stat_activity where application_name = 'octostore' and datname = current_database()",
  );
  return rows.map(({ pid }) => pid);
}

/** A journal whose connections go to these databases, one after the other. */
async function connectInTurn(databases: readonly TestDatabase[]): Promise<PostgresJournal> {
  const locations = databases.map((database) => database.location()).values();
  const connect = async (): Promise<Primary> => {
    const { value } = locations.next();
    if (value === undefined) throw new Error('no connection is left');
    return connectToPrimary(value);
  };
  const { dataSource } = await describedSchema();
  const clock = new SystemClock();
  const parts = assembleParts({ databaseName: 'the databases', connect, clock, timing: TIMING, dataSource });
  const journal = PostgresJournal.of(parts);
  onTestFinished(() => journal.close());
  return journal;
}

await describeWithCluster('the chain of commits', (cluster) => {
  test('goes up by one with each commit and each term', async () => {
    const database = await testDatabase(cluster);
    const leading = await leadAt(database.location());
    for (const token of [1, 2, 3]) await commitLease(leading, token);
    await leading.journal.lead();
    expect(await database.query('select epoch::int, commit_no::int from server')).toEqual([
      { epoch: 2, commit_no: 5 },
    ]);
  });

  test('is continued by a second process at once if the first one has resigned', async () => {
    const database = await testDatabase(cluster);
    const first = await leadAt(database.location());
    await first.journal.advertise(null);
    const second = await leadAt(database.location());
    expect(second.epoch).toBe(2);
    await commitLease(second, 2);
    await expect(commitLease(first, 1)).rejects.toBeInstanceOf(TermEndedError);
    expect(await tokensIn(database)).toEqual([2]);
  });

  test.each([
    ['another reign, as after a fail-over that lost a term', 'reign = gen_random_uuid()'],
    ['another epoch', 'epoch = epoch + 1'],
    ['a higher number of the last commit', 'commit_no = commit_no + 5'],
    [
      'a lower number of the last commit, as after a fail-over that lost commits',
      'commit_no = commit_no - 1',
    ],
  ])('cannot be continued on top of %s', async (_, change) => {
    const database = await testDatabase(cluster);
    const leading = await leadAt(database.location());
    await commitLease(leading, 1);
    await commitLease(leading, 2);
    await database.query(`update server set ${change}`);
    await expect(commitLease(leading, 3)).rejects.toBeInstanceOf(TermEndedError);
    await expect(commitLease(leading, 4)).rejects.toBeInstanceOf(TermEndedError);
    expect(await tokensIn(database)).toEqual([1, 2]);
    expect(leading.journal.tenure.sureUntilMs).toBe(-Infinity);
  });

  test('is not continued by a batch that violates a constraint, and goes on after it', async () => {
    const database = await testDatabase(cluster);
    const leading = await leadAt(database.location());
    const broken = Object.assign(leaseRow(1), { lockName: null });
    const rows = new RowChanges().put('leases', broken);
    await expect(leading.journal.commit({ epoch: 1, watermarks: WATERMARKS, rows })).rejects.toMatchObject({
      code: '23502',
    });
    await commitLease(leading, 2);
    expect(await tokensIn(database)).toEqual([2]);
  });

  test('begins again in the same process with another reign', async () => {
    const database = await testDatabase(cluster);
    const { journal } = await leadAt(database.location());
    const reign = async (): Promise<unknown> => (await database.query('select reign from server'))[0];
    const first = await reign();
    await journal.lead();
    expect(await reign()).not.toEqual(first);
  });

  test('shows whether a server lacks commits, and reads are asked again elsewhere', async () => {
    const [database, copy] = [await testDatabase(cluster), await testDatabase(cluster)];
    // Commits go to the first, and the first read goes to an old copy.
    const journal = await connectInTurn([database, copy, database]);
    const { epoch } = await journal.lead();
    await commitLease({ journal, epoch }, 1);
    expect(await journal.load('leases')).toHaveLength(1);
    expect(await Promise.all([database, copy].map(servers))).toEqual([[PID, PID], []]);
  });

  test('shows whether a term was lost while it loads its state, and the process leads again', async () => {
    const database = await testDatabase(cluster);
    const before = await leadAt(database.location());
    await commitLease(before, 1);
    await before.journal.close();
    await database.query('create table standby as select * from server');
    const { journal } = await leadAt(database.location());
    // As after a fail-over to a standby that lacks the take-over.
    await database.query('delete from server; insert into server select * from standby');
    await expect(journal.load('leases')).rejects.toThrow(TERM_LOST);
    const { epoch, lastFencingToken } = await journal.lead();
    expect([epoch, lastFencingToken >= 1 + NUMBERS_SKIPPED_MIN]).toEqual([2, true]);
    await commitLease({ journal, epoch }, lastFencingToken + 1);
  });

  test('needs a term', async () => {
    const database = await testDatabase(cluster);
    const journal = await connectTo(database.location());
    expect(journal.tenure).toEqual({ sureUntilMs: -Infinity, commitEveryMs: null });
    await expect(commitLease({ journal, epoch: 1 }, 1)).rejects.toThrow('no term has begun');
  });

  test('is durable and tells of warnings, whatever the database is set to', async () => {
    const database = await testDatabase(cluster);
    await database.query(`alter database ${database.name} set synchronous_commit = off`);
    await database.query(`alter database ${database.name} set client_min_messages = error`);
    const leading = await leadAt(database.location());
    await database.query(`
      create table settings (name text, value text);
      create function note() returns trigger language plpgsql as $$ begin
        insert into settings select name, setting from pg_settings
          where name in ('synchronous_commit', 'client_min_messages');
        return new;
      end $$;
      create trigger note after insert on leases execute function note()`);
    await commitLease(leading, 1);
    expect(await database.query('select * from settings order by name')).toEqual([
      { name: 'client_min_messages', value: 'warning' },
      { name: 'synchronous_commit', value: 'on' },
    ]);
  });
});
