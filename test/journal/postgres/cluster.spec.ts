import { expect, test, vi } from 'vitest';
import type { Cluster, SeenReplica } from '../../../src/journal/cluster.js';
import { NewerSchemaError } from '../../../src/journal/errors.js';
import type { PostgresJournal } from '../../../src/journal/postgres/postgres-journal.js';
import { sharedDatabaseAt } from '../../../src/journal/shared-database-at.js';
import { ManualClock } from '../../support/manual-clock.js';
import { connectTo, leadAt, testDatabase } from '../../support/postgres/test-journal.js';
import { TestDatabase } from '../../support/postgres/test-database.js';
import { describeWithCluster } from '../../support/postgres/with-cluster.js';

const PATIENT = { timeout: 20_000, interval: 20 };

function clusterOf(database: TestDatabase): Promise<Cluster> {
  return sharedDatabaseAt(database.location()).cluster();
}

async function join(database: TestDatabase, journal: PostgresJournal, url: string): Promise<void> {
  journal.join({ url, version: '1.2.3', settings: 'digest' });
  await vi.waitFor(
    async () => expect((await clusterOf(database)).replicas.map(urlOf)).toContain(url),
    PATIENT,
  );
}

function urlOf({ url }: SeenReplica): string {
  return url;
}

await describeWithCluster('the servers of a database', (cluster) => {
  test('are listed with who leads, until they end', async () => {
    const database = await testDatabase(cluster);
    const first = await connectTo(database.location());
    const second = await connectTo(database.location());
    await join(database, second, 'http://second');
    await join(database, first, 'http://first');
    await first.lead();
    const { replicas, format } = await clusterOf(database);
    expect(format).toBe(1);
    expect(replicas).toMatchObject([
      { url: 'http://first', version: '1.2.3', format: 1, settings: 'digest', isLeader: true },
      { url: 'http://second', isLeader: false },
    ]);
    expect(Math.abs((replicas[0]?.startedAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(replicas[0]?.seenAgoMs).toBeLessThan(60_000);
    expect(first.company.own).toEqual({ url: 'http://first', version: '1.2.3', settings: 'digest' });
    expect((await first.company.read()).replicas.map(urlOf)).toEqual(['http://first', 'http://second']);
    await first.resign();
    expect((await clusterOf(database)).replicas.map(({ isLeader }) => isLeader)).toEqual([false, false]);
    await first.close();
    expect((await clusterOf(database)).replicas.map(urlOf)).toEqual(['http://second']);
  });

  test('say that they are there every two seconds', async () => {
    const database = await testDatabase(cluster);
    const clock = new ManualClock();
    const journal = await connectTo(database.location(), clock);
    await join(database, journal, 'http://here');
    const startedAt = async (): Promise<unknown> => (await clusterOf(database)).replicas[0]?.startedAtMs;
    const started = await startedAt();
    await vi.waitFor(() => expect(clock.hasTimerDueIn(2_000)).toBe(true), PATIENT);
    await database.query("update replicas set seen_at = seen_at - interval '1 minute'");
    clock.advance(2_000);
    const seenAgo = async (): Promise<number> =>
      (await clusterOf(database)).replicas[0]?.seenAgoMs ?? Infinity;
    await vi.waitFor(async () => expect(await seenAgo()).toBeLessThan(50_000), PATIENT);
    expect(await startedAt()).toBe(started);
    await journal.close();
    expect(clock.pendingTimers).toBe(0);
  });

  test('are forgotten after an hour', async () => {
    const database = await testDatabase(cluster);
    await database.query(`insert into replicas select 'old' || n, 'http://old' || n, '1', 1, '', now(), now() - n * interval '1 minute'
      from generate_series(59, 61) as n`);
    await join(database, await connectTo(database.location()), 'http://new');
    expect((await clusterOf(database)).replicas.map(urlOf)).not.toContain('http://old61');
    expect((await clusterOf(database)).replicas.map(urlOf)).toContain('http://old59');
  });

  test('are none in a database that no server has used', async () => {
    const database = await TestDatabase.empty(cluster);
    expect(await clusterOf(database)).toEqual({ format: 1, replicas: [], terms: [] });
    expect(await sharedDatabaseAt(database.location()).finalize()).toMatchObject({ format: 1, outdated: [] });
    await database.drop();
  });
});

await describeWithCluster('the terms of a database', (cluster) => {
  test('are listed with their reasons, the newest first', async () => {
    const database = await testDatabase(cluster);
    const first = await connectTo(database.location());
    await join(database, first, 'http://first');
    await first.lead();
    await first.lead();
    await first.resign();
    const second = await leadAt(database.location());
    await second.journal.resign();
    await database.query("update server set leader_url = null, system_id = 'another'");
    await leadAt(database.location());
    const { terms } = await clusterOf(database);
    expect(terms).toMatchObject([
      { epoch: 4, reason: 'resigned', url: null, version: null },
      { epoch: 3, reason: 'resigned', url: null, skipped: 0 },
      { epoch: 2, reason: 'restart', url: 'http://first', version: '1.2.3', skipped: 0 },
      { epoch: 1, reason: 'first', url: 'http://first' },
    ]);
    expect(terms[0]?.skipped).toBeGreaterThanOrEqual(2 ** 32);
  });

  test('say that the leader was silent', async () => {
    const database = await testDatabase(cluster);
    await leadAt(database.location());
    const timing = { leaseMs: 50, loadMsPerLease: 0, marginMs: 10, observeEveryMs: 5 };
    await (await connectTo(database.location(), undefined, timing)).lead();
    expect((await clusterOf(database)).terms[0]).toMatchObject({ epoch: 2, reason: 'silent' });
  });

  test('are kept for fifty', async () => {
    const database = await testDatabase(cluster);
    const { journal } = await leadAt(database.location());
    for (let term = 2; term <= 55; term += 1) await journal.lead();
    const { terms } = await clusterOf(database);
    expect(terms.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 50 }, (_, index) => 55 - index));
  });
});

await describeWithCluster('the format of a database', (cluster) => {
  /** A server of another version. */
  async function otherReplica(database: TestDatabase, format: number, seen = 'now()'): Promise<void> {
    await database.query(`insert into replicas
      values (gen_random_uuid(), 'http://v${format}', '${format}.0.0', ${format}, '', now(), ${seen})`);
  }

  test('above that of a server keeps it from leading', async () => {
    const database = await testDatabase(cluster);
    await database.query('update server set format = 2');
    const journal = await connectTo(database.location());
    await expect(journal.lead()).rejects.toBeInstanceOf(NewerSchemaError);
    expect(await database.query('select epoch::int from server')).toEqual([{ epoch: 0 }]);
  });

  test.each([
    ['is raised to what all servers can read', [3, 2], 2, []],
    ['stays while a server has an older version', [2, 0], 1, ['http://v0']],
    ['stays if no server runs', [], 1, []],
  ])('%s', async (_, formats, format, outdated) => {
    const database = await testDatabase(cluster);
    for (const other of formats) await otherReplica(database, other);
    const finalized = await sharedDatabaseAt(database.location()).finalize();
    expect(finalized).toMatchObject({ formatBefore: 1, format });
    expect(finalized.outdated.map(urlOf)).toEqual(outdated);
  });

  test('does not wait for servers that are gone', async () => {
    const database = await testDatabase(cluster);
    await otherReplica(database, 2);
    await otherReplica(database, 0, "now() - interval '11 s'");
    const finalized = await sharedDatabaseAt(database.location()).finalize();
    expect(finalized).toMatchObject({ format: 2, outdated: [] });
  });
});
