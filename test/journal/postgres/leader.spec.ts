import { expect, onTestFinished, test, vi } from 'vitest';
import { TermEndedError } from '../../../src/journal/errors.js';
import type { PostgresJournal } from '../../../src/journal/postgres/postgres-journal.js';
import type { Leader } from '../../../src/journal/shared-database.js';
import { SUPERUSER } from '../../../lab/kit/postgres/cluster.js';
import { ManualClock } from '../../support/manual-clock.js';
import { CuttingProxy } from '../../support/postgres/cutting-proxy.js';
import { look, untilItWaits } from '../../support/postgres/looking.js';
import { commitLease, connectTo, leadAt, testDatabase } from '../../support/postgres/test-journal.js';
import type { TestDatabase } from '../../support/postgres/test-database.js';
import { describeWithCluster } from '../../support/postgres/with-cluster.js';

const PATIENT = { timeout: 20_000, interval: 2 };

async function rowOf(database: TestDatabase): Promise<unknown> {
  const [row] = await database.query('select epoch::int, leader_url from server');
  return row;
}

await describeWithCluster('a leader that resigns', (cluster) => {
  test('can be followed at once, and commits nothing more', async () => {
    const database = await testDatabase(cluster);
    const first = await leadAt(database.location());
    await first.journal.advertise('http://first');
    await first.journal.resign();
    expect(await rowOf(database)).toEqual({ epoch: 1, leader_url: null });
    expect(first.journal.leader).toBeNull();
    expect(first.journal.tenure.sureUntilMs).toBe(-Infinity);
    await expect(commitLease(first, 1)).rejects.toBeInstanceOf(TermEndedError);
    expect((await leadAt(database.location())).epoch).toBe(2);
  });

  test('stays connected, and can lead again', async () => {
    const database = await testDatabase(cluster);
    const first = await leadAt(database.location());
    await first.journal.resign();
    await first.journal.resign();
    expect(await first.journal.load('leases')).toEqual([]);
    const epoch = (await first.journal.lead()).epoch;
    expect(epoch).toBe(2);
    await commitLease({ journal: first.journal, epoch }, 1);
  });

  test('does not take a later leader away', async () => {
    const database = await testDatabase(cluster);
    const first = await leadAt(database.location());
    await database.query(
      "update server set reign = gen_random_uuid(), epoch = 2, leader_url = 'http://second'",
    );
    await first.journal.resign();
    expect(await rowOf(database)).toEqual({ epoch: 2, leader_url: 'http://second' });
  });

  test('waits for the database for five seconds at most', async () => {
    const database = await testDatabase(cluster);
    const proxy = await CuttingProxy.start(cluster.port);
    onTestFinished(() => proxy.stop());
    const clock = new ManualClock();
    const hosts = [{ host: '127.0.0.1', port: proxy.port }] as const;
    const first = await leadAt(database.location({ hosts }), clock);
    proxy.stall();
    let hasResigned = false;
    const resigned = first.journal.resign().then(() => (hasResigned = true));
    await vi.waitFor(() => expect(clock.hasTimerDueIn(5_000)).toBe(true), PATIENT);
    clock.advance(4_999);
    expect(hasResigned).toBe(false);
    clock.advance(1);
    await resigned;
    proxy.cutAll();
    expect(await rowOf(database)).toEqual({ epoch: 1, leader_url: '' });
    expect((await first.journal.lead()).epoch).toBe(2);
  });
});

await describeWithCluster('a journal that has lost its term', (cluster) => {
  test('leads again, several times', async () => {
    const database = await testDatabase(cluster);
    const pair = [await connectTo(database.location()), await connectTo(database.location())] as const;
    const epochs: number[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const [journal, other] = turn % 2 === 0 ? pair : [pair[1], pair[0]];
      const { epoch } = await journal.lead();
      epochs.push(epoch);
      await commitLease({ journal, epoch }, turn + 1);
      await database.query('update server set leader_url = null');
      const next = await other.lead();
      epochs.push(next.epoch);
      await expect(commitLease({ journal, epoch }, 100 + turn)).rejects.toBeInstanceOf(TermEndedError);
      expect(journal.tenure.sureUntilMs).toBe(-Infinity);
      await other.resign();
    }
    expect(epochs).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });
});

await describeWithCluster('who leads', (cluster) => {
  function changesSeenBy(journal: PostgresJournal): (string | null)[] {
    const seen: (string | null)[] = [];
    onTestFinished(journal.onLeader((leader: Leader | null) => seen.push(leader?.url ?? null)));
    return seen;
  }

  test('is seen while a journal waits to lead', async () => {
    const database = await testDatabase(cluster);
    const first = await leadAt(database.location());
    const clock = new ManualClock();
    const second = await connectTo(database.location(), clock);
    const seen = changesSeenBy(second);
    const led = second.lead();
    await look(clock);
    await untilItWaits(clock);
    expect(second.leader).toBeNull();
    await first.journal.advertise('http://first');
    await look(clock);
    await untilItWaits(clock);
    expect(second.leader).toEqual({ url: 'http://first', reign: first.journal.reign });
    await first.journal.resign();
    await look(clock);
    await led;
    await second.advertise('http://second');
    expect(second.leader).toEqual({ url: 'http://second', reign: second.reign });
    expect(seen).toEqual(['http://first', null, 'http://second']);
  });

  test('is seen by a journal that follows, until it leads or is closed', async () => {
    const database = await testDatabase(cluster);
    const first = await leadAt(database.location());
    const clock = new ManualClock();
    const second = await connectTo(database.location(), clock);
    const seen = changesSeenBy(second);
    second.follow();
    second.follow();
    await untilItWaits(clock);
    expect(clock.pendingTimers).toBe(1);
    await first.journal.advertise('http://first');
    await look(clock);
    await untilItWaits(clock);
    expect(seen).toEqual(['http://first']);
    await first.journal.resign();
    await look(clock);
    await untilItWaits(clock);
    expect(await rowOf(database)).toEqual({ epoch: 1, leader_url: null });
    expect((await second.lead()).epoch).toBe(2);
    expect(clock.pendingTimers).toBe(0);
    await second.resign();
    second.follow();
    await untilItWaits(clock);
    await second.close();
    expect(clock.pendingTimers).toBe(0);
    expect(seen).toEqual(['http://first', null]);
  });

  test('is told to no one who no longer listens', async () => {
    const database = await testDatabase(cluster);
    const { journal } = await leadAt(database.location());
    const seen: unknown[] = [];
    journal.onLeader((leader) => seen.push(leader))();
    await journal.advertise('http://first');
    expect(seen).toEqual([]);
  });
});

await describeWithCluster('a journal that waits to lead', (cluster) => {
  const reason = new Error('the server stops');

  test('gives up when it is told to, and can wait again', async () => {
    const database = await testDatabase(cluster);
    const first = await leadAt(database.location());
    const clock = new ManualClock();
    const second = await connectTo(database.location(), clock);
    const giveUp = new AbortController();
    const led = second.lead({ signal: giveUp.signal }).catch((error: unknown) => error);
    await untilItWaits(clock);
    giveUp.abort(reason);
    expect(await led).toBe(reason);
    expect(clock.pendingTimers).toBe(0);
    await first.journal.resign();
    expect(await rowOf(database)).toEqual({ epoch: 1, leader_url: null });
    expect((await second.lead()).epoch).toBe(2);
  });

  test('does not begin if it was told to give up before', async () => {
    const database = await testDatabase(cluster);
    const journal = await connectTo(database.location());
    await expect(journal.lead({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(await rowOf(database)).toEqual({ epoch: 0, leader_url: null });
  });

  test('gives up although the database does not answer', async () => {
    const database = await testDatabase(cluster);
    const proxy = await CuttingProxy.start(cluster.port);
    onTestFinished(() => proxy.stop());
    const clock = new ManualClock();
    const journal = await connectTo(
      database.location({ hosts: [{ host: '127.0.0.1', port: proxy.port }] }),
      clock,
    );
    proxy.stall();
    const giveUp = new AbortController();
    const led = journal.lead({ signal: giveUp.signal }).catch((error: unknown) => error);
    await vi.waitFor(() => expect(clock.hasTimerDueIn(10_000)).toBe(true), PATIENT);
    giveUp.abort(reason);
    expect(await led).toBe(reason);
    proxy.cutAll();
    expect(await rowOf(database)).toEqual({ epoch: 0, leader_url: null });
  });

  test('resigns if it is told to give up at the moment in which it wins', async () => {
    const database = await testDatabase(cluster);
    const { client, release } = await lockedRow(database);
    const journal = await connectTo(database.location());
    const giveUp = new AbortController();
    const led = journal.lead({ signal: giveUp.signal }).catch((error: unknown) => error);
    const waiting =
      "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    await vi.waitFor(async () => expect(await database.query(waiting)).not.toEqual([]), PATIENT);
    giveUp.abort(reason);
    await release();
    expect(await led).toBe(reason);
    expect(await rowOf(database)).toEqual({ epoch: 1, leader_url: null });
    await expect(commitLease({ journal, epoch: 1 }, 1)).rejects.toBeInstanceOf(TermEndedError);
    await client.end();
  });

  /** Someone else has locked the server row. */
  async function lockedRow(database: TestDatabase) {
    const client = await cluster.connect({ user: SUPERUSER }, database.name);
    await client.query('begin; select 1 from server for update');
    return { client, release: () => client.query('rollback') };
  }
});
