import { expect, onTestFinished, test, vi } from 'vitest';
import { TermEndedError } from '../../../src/journal/errors.js';
import { ManualClock } from '../../support/manual-clock.js';
import { SUPERUSER } from '../../../lab/kit/postgres/cluster.js';
import { CuttingProxy } from '../../../lab/kit/proxy/cutting-proxy.js';
import { commitLease, leadAt, testDatabase, tokensIn } from '../../support/postgres/test-journal.js';
import { describeWithCluster } from '../../support/postgres/with-cluster.js';

await describeWithCluster('a server', (cluster) => {
  async function proxyBefore(): Promise<CuttingProxy> {
    const proxy = await CuttingProxy.start(cluster.port);
    onTestFinished(() => proxy.stop());
    return proxy;
  }

  test('that vanishes without a word is left after ten seconds, and the next host is tried first', async () => {
    const database = await testDatabase(cluster);
    const proxy = await proxyBefore();
    const hosts = [
      { host: '127.0.0.1', port: proxy.port },
      { host: '127.0.0.1', port: cluster.port },
    ] as const;
    const clock = new ManualClock();
    const leading = await leadAt(database.location({ hosts }), clock);
    proxy.stall();
    const { request } = proxy.passed;
    const committed = commitLease(leading, 1);
    await vi.waitFor(() => expect(clock.hasTimerDueIn(10_000)).toBe(true), { timeout: 20_000 });
    clock.advance(9_999);
    expect(await tokensIn(database)).toEqual([]);
    clock.advance(1);
    await committed;
    expect(proxy.passed.request).toBe(request);
    // The connection for reads still waits, and the clock stands still.
    proxy.cutAll();
    expect(await tokensIn(database)).toEqual([1]);
  });

  test('that has fallen silent holds up no read once another process leads', async () => {
    const database = await testDatabase(cluster);
    const proxy = await proxyBefore();
    const clock = new ManualClock();
    const hosts = [{ host: '127.0.0.1', port: proxy.port }] as const;
    const former = await leadAt(database.location({ hosts }), clock);
    await former.journal.writtenAtMs();
    proxy.stall();
    const read = former.journal.writtenAtMs();
    await leadAt(database.location());
    const failure = commitLease(former, 1).catch((error: unknown) => error);
    await vi.waitFor(() => expect(clock.hasTimerDueIn(10_000)).toBe(true), { timeout: 20_000 });
    clock.advance(10_000);
    expect(await failure).toBeInstanceOf(TermEndedError);
    expect(await read).toBeGreaterThan(0);
  });

  test('that cannot be reached is said to be in trouble, until it can', async () => {
    const database = await testDatabase(cluster);
    const leading = await leadAt(database.location());
    expect(leading.journal.trouble).toBeNull();
    await database.query(`alter database ${database.name} allow_connections false`, 'postgres');
    await cluster.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database.name}'`,
    );
    const committed = commitLease(leading, 1);
    await vi.waitFor(() => expect(String(leading.journal.trouble)).toContain(database.name), {
      timeout: 20_000,
    });
    await database.query(`alter database ${database.name} allow_connections true`, 'postgres');
    await committed;
    expect(leading.journal.trouble).toBeNull();
  });

  test('on which someone else has locked the row is asked again until it is free', async () => {
    const database = await testDatabase(cluster);
    const leading = await leadAt(database.location());
    const [commit] = await database.query<{ name: string }>(
      "select proname as name from pg_proc where proname like 'commit\\_%'",
    );
    await database.query(`alter function ${commit?.name} set lock_timeout = '20ms'`);
    const other = await cluster.connect({ user: SUPERUSER }, database.name);
    onTestFinished(() => other.end());
    await other.query('begin; select 1 from server for update');
    const committed = commitLease(leading, 1);
    await vi.waitFor(() => expect(String(leading.journal.trouble)).toContain('lock timeout'), {
      timeout: 20_000,
    });
    await other.query('rollback');
    await committed;
    expect(await tokensIn(database)).toEqual([1]);
  });
});
