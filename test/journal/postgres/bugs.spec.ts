import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Connection, type Answer } from '../../../src/journal/postgres/connection/connection.js';
import { Link } from '../../../src/journal/postgres/connection/link.js';
import { ConnectionLostError } from '../../../src/journal/postgres/connection/sql-errors.js';
import type { Cluster } from '../../../lab/kit/postgres/cluster.js';
import { missStandby, needNoStandby } from '../../support/postgres/missing-standby.js';
import { CuttingProxy } from '../../../lab/kit/proxy/cutting-proxy.js';
import { commitLease, leadAt, testDatabase, tokensIn } from '../../support/postgres/test-journal.js';
import type { TestDatabase } from '../../support/postgres/test-database.js';
import { describeWithOwnCluster } from '../../support/postgres/with-cluster.js';

/** A deliberate bug, and the check that must notice it. */
interface PlantedBug {
  readonly name: string;
  readonly plant: (database: TestDatabase) => Promise<void> | void;
  /** Rejects if the journal does not keep its promise. */
  readonly expectKept: (cluster: Cluster, database: TestDatabase) => Promise<void>;
}

const NOTHING: Answer<never> = { rows: [], count: 0, isWarned: false };

const BUGS: readonly PlantedBug[] = [
  { name: 'commits are not chained', plant: removeChain, expectKept: lostCommitsEndTheTerm },
  { name: 'a warning is ignored', plant: ignoreWarnings, expectKept: aWarningIsNoSuccess },
  {
    name: 'an unknown outcome is taken for success',
    plant: trustLostConnections,
    expectKept: aLostCommitIsRepeated,
  },
];

await describeWithOwnCluster('a check of the journal', {}, (cluster) => {
  afterEach(async () => {
    vi.restoreAllMocks();
    await needNoStandby(cluster);
  });

  describe.each(BUGS)('for "$name"', ({ plant, expectKept }) => {
    test('passes', async () => {
      await expectKept(cluster, await testDatabase(cluster));
    });

    test('fails with the bug', async () => {
      const database = await testDatabase(cluster);
      await plant(database);
      await expect(expectKept(cluster, database)).rejects.toThrow(/expected/);
    });
  });
});

/** As if the server row were found by the epoch alone. */
async function removeChain(database: TestDatabase): Promise<void> {
  const [row] = await database.query<{ sql: string }>(
    "select pg_get_functiondef(oid) as sql from pg_proc where proname like 'commit\\_%'",
  );
  const chained = ' and reign = p_reign and commit_no = p_previous';
  const sql = row?.sql ?? '';
  expect(sql.split(chained)).toHaveLength(2);
  await database.query(sql.replace(chained, ''));
}

function ignoreWarnings(): void {
  const original = Reflect.get(Connection.prototype, 'query');
  vi.spyOn(Connection.prototype, 'query').mockImplementation(async function (this: Connection, statement) {
    return { ...(await original.call(this, statement)), isWarned: false };
  });
}

function trustLostConnections(): void {
  const original = Reflect.get(Link.prototype, 'query');
  vi.spyOn(Link.prototype, 'query').mockImplementation(async function (this: Link, statement, onSend) {
    try {
      return await original.call(this, statement, onSend);
    } catch (error) {
      if (error instanceof ConnectionLostError) return NOTHING;
      throw error;
    }
  });
}

/** A fail-over has lost the last commit, and the leader does not know it. */
async function lostCommitsEndTheTerm(_: Cluster, database: TestDatabase): Promise<void> {
  const leading = await leadAt(database.location());
  for (const token of [1, 2]) await commitLease(leading, token);
  await database.query('update server set commit_no = commit_no - 1');
  await database.query('delete from leases where fencing_token = 2');
  await commitLease(leading, 3).catch(() => undefined);
  expect(await tokensIn(database)).toEqual([1]);
}

async function aWarningIsNoSuccess(cluster: Cluster, database: TestDatabase): Promise<void> {
  const leading = await leadAt(database.location());
  await missStandby(cluster);
  let isAnswered = false;
  const committed = commitLease(leading, 1).then(() => (isAnswered = true));
  await untilItWaits(database);
  await database.query("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'");
  await vi.waitFor(async () => expect(await tokensIn(database)).toEqual([1]), { timeout: 20_000 });
  await Promise.race([committed, untilItWaits(database)]);
  expect(isAnswered).toBe(false);
  await needNoStandby(cluster);
  await committed;
}

async function untilItWaits(database: TestDatabase): Promise<void> {
  const waiting = "select 1 from pg_stat_activity where wait_event = 'SyncRep'";
  const isWaiting = async (): Promise<void> => expect(await database.query(waiting)).not.toEqual([]);
  await vi.waitFor(isWaiting, { timeout: 20_000, interval: 20 });
}

/** The connection breaks before the database has received the commit. */
async function aLostCommitIsRepeated(cluster: Cluster, database: TestDatabase): Promise<void> {
  const proxy = await CuttingProxy.start(cluster.port);
  onTestFinished(() => proxy.stop());
  const leading = await leadAt(database.location({ hosts: [{ host: '127.0.0.1', port: proxy.port }] }));
  proxy.cutAfter(20, 'request');
  await commitLease(leading, 1);
  expect(await tokensIn(database)).toEqual([1]);
}
