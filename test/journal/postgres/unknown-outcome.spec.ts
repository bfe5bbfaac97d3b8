import { afterAll, beforeAll, expect, test } from 'vitest';
import { CuttingProxy, type Direction } from '../../../lab/kit/proxy/cutting-proxy.js';
import type { Cluster } from '../../../lab/kit/postgres/cluster.js';
import type { TestDatabase } from '../../support/postgres/test-database.js';
import {
  commitLease,
  connectTo,
  leadAt,
  testDatabase,
  tokensIn,
  type Leading,
} from '../../support/postgres/test-journal.js';
import { describeWithCluster } from '../../support/postgres/with-cluster.js';

await describeWithCluster('a commit whose connection is cut', (cluster) => {
  let proxy: CuttingProxy;
  beforeAll(async () => {
    proxy = await CuttingProxy.start(cluster.port);
  });
  afterAll(() => proxy.stop());

  test.each<[string, Direction, number]>([
    ['at any byte of the answer', 'answer', 1],
    ['at many bytes of the request', 'request', 29],
  ])('%s is written once, and the journal goes on', async (_, direction, every) => {
    const { database, leading } = await leadThrough(proxy, cluster);
    await countWrites(database);
    const bytes = await bytesOfCommit(leading, proxy, direction);
    let token = 1;
    for (let cut = 0; cut <= bytes; cut += every) {
      proxy.cutAfter(cut, direction);
      await commitLease(leading, (token += 1));
      expect(proxy.isCutPlanned).toBe(false);
    }
    const expected = Array.from({ length: token }, (__, index) => index + 1);
    expect(await tokensIn(database)).toEqual(expected);
    expect(await writesOf(database)).toEqual(expected.map(() => 1));
  });

  test('more than once is written once', async () => {
    const { database, leading } = await leadThrough(proxy, cluster);
    await countWrites(database);
    for (let token = 1; token <= 10; token += 1) {
      const committed = commitLease(leading, token);
      for (let cut = 0; cut < 5; cut += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        proxy.cutAll();
      }
      await committed;
    }
    expect(await writesOf(database)).toEqual(Array.from({ length: 10 }, () => 1));
  });

  test('is not confused with one of the next term', async () => {
    const { database, leading } = await leadThrough(proxy, cluster);
    await leading.journal.advertise(null);
    const next = await leadAt(database.location());
    proxy.cutAfter(0, 'answer');
    await expect(commitLease(leading, 1)).rejects.toThrow('a newer term');
    await commitLease(next, 2);
    expect(await tokensIn(database)).toEqual([2]);
  });

  test('lets reads and take-overs go on, too', async () => {
    const { database, leading } = await leadThrough(proxy, cluster);
    await commitLease(leading, 1);
    proxy.cutAll();
    expect(await leading.journal.load('leases')).toHaveLength(1);
    for (const cut of [0, 1, 50]) {
      proxy.cutAfter(cut, 'answer');
      await leading.journal.lead();
    }
    expect(await database.query('select epoch::int from server')).toEqual([{ epoch: 4 }]);
  });
});

async function leadThrough(
  proxy: CuttingProxy,
  cluster: Cluster,
): Promise<{ database: TestDatabase; leading: Leading }> {
  const database = await testDatabase(cluster);
  const hosts = [{ host: '127.0.0.1', port: proxy.port }] as const;
  const journal = await connectTo(database.location({ hosts }));
  const { epoch } = await journal.lead();
  return { database, leading: { journal, epoch } };
}

/** Counts how often each lease is written, even if it is written twice with the same values. */
async function countWrites(database: TestDatabase): Promise<void> {
  await database.query(`
    create table writes (token bigint);
    create function count_write() returns trigger language plpgsql as $$ begin
      insert into writes values (new.fencing_token);
      return new;
    end $$;
    create trigger count_write after insert or update on leases for each row execute function count_write()`);
}

async function writesOf(database: TestDatabase): Promise<number[]> {
  const rows = await database.query<{ times: number }>(
    'select count(*)::int as times from writes group by token order by token',
  );
  return rows.map(({ times }) => times);
}

async function bytesOfCommit(leading: Leading, proxy: CuttingProxy, direction: Direction): Promise<number> {
  const before = proxy.passed[direction];
  await commitLease(leading, 1);
  return proxy.passed[direction] - before;
}
