import { expect, onTestFinished, test, vi } from 'vitest';
import { Cluster } from '../../../lab/kit/postgres/cluster.js';
import { Pair } from '../../../lab/kit/postgres/pair.js';
import type { PostgresHost } from '../../../src/installation/postgres-location.js';
import { TIMELINE } from '../../../src/journal/postgres/functions/own-function.js';
import { NUMBERS_SKIPPED_MIN } from '../../../src/journal/skipped-numbers.js';
import { ManualClock } from '../../support/manual-clock.js';
import { commitLease, connectTo, leadAt, testDatabase } from '../../support/postgres/test-journal.js';
import type { TestDatabase } from '../../support/postgres/test-database.js';
import { describeWithCluster, describeWithOwnCluster } from '../../support/postgres/with-cluster.js';

/** Two servers of PostgreSQL are started, copied and promoted. */
const PAIR_MS = 120_000;

const PATIENT = { timeout: 20_000, interval: 20 };

const TERM_ENDED = 'The database was replaced by one that may lack commits, so a new term must begin.';

/** As if the last commit had been made elsewhere, and without a standby. */
const RESTARTED = "postmaster_started_at = '2020-01-01'";
const PROMOTED = 'timeline = timeline - 1';
const WITH_STANDBY = 'synchronous = true';

await describeWithCluster('a leader whose database is not where its last commit was made', (cluster) => {
  async function onceReplaced(change: string) {
    const database = await testDatabase(cluster);
    const leading = await leadAt(database.location(), new ManualClock());
    await commitLease(leading, 1);
    await database.query(`update server set ${change}`);
    return { database, leading };
  }

  function whereItIs(database: TestDatabase): Promise<unknown[]> {
    return database.query(`select postmaster_started_at = pg_postmaster_start_time() as "isSameServer",
      timeline = ${TIMELINE} as "isSameTimeline", synchronous from server`);
  }

  test.each([
    ['it was started again', RESTARTED],
    ['a standby was promoted, and commits waited for it', `${PROMOTED}, ${WITH_STANDBY}`],
    ['a standby was promoted that was started then', `${PROMOTED}, ${RESTARTED}, ${WITH_STANDBY}`],
  ])('goes on if %s', async (_, change) => {
    const { database, leading } = await onceReplaced(change);
    await commitLease(leading, 2);
    expect(await whereItIs(database)).toEqual([
      { isSameServer: true, isSameTimeline: true, synchronous: false },
    ]);
    await commitLease(leading, 3);
  });

  test.each([
    ['a standby was promoted, and no commit waited for it', PROMOTED],
    ['two standbys were promoted one after the other', `timeline = timeline - 2, ${WITH_STANDBY}`],
    ['it is an older one', `timeline = timeline + 1, ${WITH_STANDBY}`],
    ['it is a copy in another database', `system_id = '1', ${RESTARTED}, ${WITH_STANDBY}`],
    ['it was started again and does not tell which one it is', `timeline = null, ${RESTARTED}`],
  ])('commits nothing if %s, and leads again at once, with numbers above all others', async (_, change) => {
    const { leading } = await onceReplaced(change);
    await expect(commitLease(leading, 2)).rejects.toThrow(TERM_ENDED);
    expect(leading.journal.tenure.sureUntilMs).toBe(-Infinity);
    const { epoch, lastFencingToken } = await leading.journal.lead();
    expect([epoch, lastFencingToken >= 1 + NUMBERS_SKIPPED_MIN]).toEqual([2, true]);
    await commitLease({ journal: leading.journal, epoch }, lastFencingToken + 1);
  });
});

await describeWithOwnCluster('a leader that was frozen', {}, (cluster) => {
  test(
    'repeats no number of a term that an asynchronous standby lacks',
    async () => {
      const database = await testDatabase(cluster);
      const standby = await Cluster.standbyOf(cluster);
      onTestFinished(() => standby.remove());
      const hosts = [
        { host: '127.0.0.1', port: cluster.port },
        { host: '127.0.0.1', port: standby.port },
      ] as const;
      const frozen = await leadAt(database.location({ hosts }));
      await commitLease(frozen, 1);
      await untilItHasToken(standby, database, 1);
      standby.kill();
      await database.query('update server set leader_url = null');
      const next = await leadAt(database.location());
      await commitLease(next, 2);
      await next.journal.close();
      cluster.stop('immediate');
      await standby.restart();
      await standby.promote();
      await expect(commitLease(frozen, 2)).rejects.toThrow(TERM_ENDED);
      const { lastFencingToken } = await frozen.journal.lead();
      expect(lastFencingToken).toBeGreaterThanOrEqual(1 + NUMBERS_SKIPPED_MIN);
      await frozen.journal.close();
      cluster.start();
    },
    PAIR_MS,
  );

  async function untilItHasToken(standby: Cluster, { name }: TestDatabase, token: number): Promise<void> {
    const tokens = (): Promise<unknown[]> =>
      standby.query('select fencing_token::int as token from leases', name);
    await vi.waitFor(async () => expect(await tokens()).toEqual([{ token }]), PATIENT);
  }
});

await describeWithCluster('a leader whose synchronous standby is promoted', () => {
  test(
    'goes on in the same term, without a jump',
    async () => {
      const pair = await Pair.create();
      if (pair === null) return;
      onTestFinished(() => pair.remove());
      await pair.primary.query('create database octostore');
      const [one, other] = pair.clusters.map(({ port }) => ({ host: '127.0.0.1', port }));
      const hosts = [one as PostgresHost, other as PostgresHost] as const;
      const journal = await connectTo(pair.primary.location('octostore', { hosts }));
      const leading = { journal, epoch: (await journal.lead()).epoch };
      await commitLease(leading, 1);
      pair.primary.kill();
      const committed = commitLease(leading, 2);
      await pair.promote();
      await committed;
      await commitLease(leading, 3);
      const rows = await pair.primary.query(
        'select epoch::int, last_fencing_token::int as token from server',
        'octostore',
      );
      expect(rows).toEqual([{ epoch: 1, token: 3 }]);
      await journal.close();
    },
    PAIR_MS,
  );
});
