import { Client } from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sharedDatabaseAt } from '../../../src/journal/shared-database-at.js';
import type { Cluster } from '../../../lab/kit/postgres/cluster.js';
import { testDatabase } from '../../support/postgres/test-journal.js';
import { describeWithCluster, describeWithOwnCluster } from '../../support/postgres/with-cluster.js';

const PATIENT = { timeout: 20_000, interval: 20 };

await describeWithCluster('what recognizes the secret key', (cluster) => {
  test('is kept once if several servers start together', async () => {
    const database = sharedDatabaseAt((await testDatabase(cluster)).location());
    const kept = await Promise.all(['a', 'b', 'c'].map((check) => database.keepSecretCheck(check)));
    expect(new Set(kept).size).toBe(1);
    expect(await database.keepSecretCheck('d')).toBe(kept[0]);
  });
});

await describeWithOwnCluster('the replication of a database', {}, (cluster) => {
  /** Connects as a standby does. PostgreSQL counts it before it has asked for anything. */
  async function addStandby(to: Cluster): Promise<void> {
    const standby = new Client({ connectionString: `${to.databaseUrl('postgres')}?replication=true` });
    await standby.connect();
    onTestFinished(() => standby.end());
    const connected = (): Promise<object[]> => to.query('select 1 from pg_stat_replication');
    await vi.waitFor(async () => expect(await connected()).not.toEqual([]), PATIENT);
  }

  test('is seen by a role without privileges', async () => {
    const testing = await testDatabase(cluster);
    await cluster.query('create role server login');
    const database = sharedDatabaseAt(testing.location({ user: 'server' }));
    expect(await database.replication()).toEqual({ standbys: 0, isSynchronous: false });
    await addStandby(cluster);
    expect(await database.replication()).toEqual({ standbys: 1, isSynchronous: false });
    await cluster.set('synchronous_standby_names', '*');
    await vi.waitFor(
      async () => expect(await database.replication()).toMatchObject({ isSynchronous: true }),
      PATIENT,
    );
    await cluster.set('synchronous_standby_names', '');
  });
});
