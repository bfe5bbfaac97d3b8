import { afterEach, expect, test, vi } from 'vitest';
import { missStandby, needNoStandby } from '../../support/postgres/missing-standby.js';
import { commitLease, leadAt, testDatabase, tokensIn } from '../../support/postgres/test-journal.js';
import type { TestDatabase } from '../../support/postgres/test-database.js';
import { describeWithOwnCluster } from '../../support/postgres/with-cluster.js';

/** The processes of the server that wait for a standby. */
const WAITING = "from pg_stat_activity where wait_event = 'SyncRep' and application_name = 'octostore'";

await describeWithOwnCluster('a database whose only standby is away', {}, (cluster) => {
  afterEach(() => needNoStandby(cluster));

  async function untilOneWaits(database: TestDatabase): Promise<void> {
    await vi.waitFor(async () => expect(await database.query(`select pid ${WAITING}`)).not.toEqual([]), {
      timeout: 20_000,
      interval: 20,
    });
  }

  /** Whether a promise has settled. */
  function watch(promise: Promise<unknown>): () => boolean {
    let isSettled = false;
    void promise.catch(() => undefined).finally(() => (isSettled = true));
    return () => isSettled;
  }

  test.each([
    ['cancels the wait', 'pg_cancel_backend'],
    ['ends the connection', 'pg_terminate_backend'],
  ])('makes a commit and every read wait, also if someone %s', async (_, end) => {
    const database = await testDatabase(cluster);
    const leading = await leadAt(database.location());
    await commitLease(leading, 1);
    await missStandby(cluster);
    const sureUntilMs = leading.journal.tenure.sureUntilMs;
    const committed = commitLease(leading, 2);
    const isCommitted = watch(committed);
    await untilOneWaits(database);
    await database.query(`select ${end}(pid) ${WAITING}`);
    await vi.waitFor(async () => expect(await tokensIn(database)).toEqual([1, 2]), { timeout: 20_000 });
    await untilOneWaits(database);
    const read = leading.journal.load('leases');
    const isRead = watch(read);
    await database.query(`select ${end}(pid) ${WAITING}`);
    await untilOneWaits(database);
    expect([isCommitted(), isRead()]).toEqual([false, false]);
    expect(leading.journal.tenure.sureUntilMs).toBe(sureUntilMs);
    await needNoStandby(cluster);
    await committed;
    expect(await read).toHaveLength(2);
    expect(leading.journal.tenure.sureUntilMs).toBeGreaterThan(sureUntilMs);
    await commitLease(leading, 3);
  });

  test('makes a process that takes over wait before it loads anything', async () => {
    const database = await testDatabase(cluster);
    const leading = await leadAt(database.location());
    await missStandby(cluster);
    const led = leading.journal.lead();
    const hasLed = watch(led);
    await untilOneWaits(database);
    await database.query(`select pg_cancel_backend(pid) ${WAITING}`);
    const isVisible = async (): Promise<void> =>
      expect(await database.query('select epoch::int from server')).toEqual([{ epoch: 2 }]);
    await vi.waitFor(isVisible, { timeout: 20_000 });
    await untilOneWaits(database);
    expect(hasLed()).toBe(false);
    await needNoStandby(cluster);
    expect(await led).toMatchObject({ epoch: 2 });
  });

  test('lets a journal that waits be closed', async () => {
    const database = await testDatabase(cluster);
    const leading = await leadAt(database.location());
    await missStandby(cluster);
    const committed = commitLease(leading, 1).catch((error: unknown) => error);
    await untilOneWaits(database);
    await database.query(`select pg_terminate_backend(pid) ${WAITING}`);
    const closed = leading.journal.close();
    expect(String(await committed)).toContain('not open');
    await needNoStandby(cluster);
    await closed;
  });
});

await describeWithOwnCluster('a database that is started again', {}, (cluster) => {
  test.each(['fast', 'immediate'] as const)('under the journal (%s) loses nothing', async (mode) => {
    const database = await testDatabase(cluster);
    const leading = await leadAt(database.location());
    await commitLease(leading, 1);
    cluster.stop(mode);
    const committed = commitLease(leading, 2);
    const read = leading.journal.load('leases');
    cluster.start();
    await committed;
    expect((await read).length).toBeGreaterThan(0);
    await commitLease(leading, 3);
    expect(await tokensIn(database)).toEqual([1, 2, 3]);
    expect(await leading.journal.lead()).toMatchObject({ lastFencingToken: 3, restoredAt: 0 });
  });

  test('while no process was connected skips numbers, as it may be an old copy', async () => {
    const database = await testDatabase(cluster);
    const first = await leadAt(database.location());
    await commitLease(first, 7);
    await first.journal.close();
    cluster.stop();
    cluster.start();
    const { journal } = await leadAt(database.location());
    expect(await database.query('select last_fencing_token > 2^32 as has_skipped from server')).toEqual([
      { has_skipped: true },
    ]);
    await journal.close();
  });
});
