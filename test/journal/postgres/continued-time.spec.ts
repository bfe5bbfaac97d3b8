import { expect, onTestFinished, test } from 'vitest';
import type { Lease } from '../../../src/core/model/lease.js';
import type { Instant } from '../../../src/core/model/time.js';
import { RowChanges } from '../../../src/journal/row-changes.js';
import type { PostgresJournal } from '../../../src/journal/postgres/postgres-journal.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { acquireRequest, lock } from '../../support/law.js';
import { ManualClock } from '../../support/manual-clock.js';
import { look, untilItWaits } from '../../support/postgres/looking.js';
import type { TestDatabase } from '../../support/postgres/test-database.js';
import { connectTo, testDatabase } from '../../support/postgres/test-journal.js';
import { describeWithCluster } from '../../support/postgres/with-cluster.js';
import { STORE_OPTIONS } from '../../support/store.js';

const HOUR_MS = 3_600_000;
const GRACE_MS = STORE_OPTIONS.restartGraceSeconds * 1_000;

/** A server process on a machine of its own. */
class Replica {
  #store: LockStore | null = null;

  constructor(
    readonly journal: PostgresJournal,
    readonly clock: ManualClock,
  ) {}

  async lead(): Promise<void> {
    this.#store = await LockStore.lead(this.journal, this.clock, STORE_OPTIONS);
    onTestFinished(() => this.crash());
  }

  /** It does nothing more. The row still says that it leads. */
  async crash(): Promise<void> {
    await this.#store?.close();
    this.#store = null;
  }

  get now(): Instant {
    return this.store.peek((_, now) => now);
  }

  get store(): LockStore {
    if (this.#store === null) throw new Error('it does not lead');
    return this.#store;
  }

  /** So much time passes, and then it commits. */
  async serve(durationMs: number): Promise<void> {
    this.clock.advance(durationMs);
    await this.store.write(new RowChanges());
  }

  async grant(lockName: string, ttl: number): Promise<Lease> {
    const answer = await this.store.acquire(acquireRequest(lockName, { ttl }), 0);
    if (answer.kind !== 'acquired') throw new Error(answer.kind);
    return answer.lease;
  }

  /** Milliseconds that the holder of the lock has left. Null if it is free. */
  leftOf(lockName: string): Promise<number | null> {
    return this.store.read((state, now) => {
      const lease = state.firstLiveLease(lock(lockName), now);
      return lease === null ? null : lease.deadline - now;
    });
  }
}

async function replicaOn(database: TestDatabase, clock = new ManualClock()): Promise<Replica> {
  return new Replica(await connectTo(database.location(), clock), clock);
}

async function freeToLead(database: TestDatabase): Promise<void> {
  await database.query('update server set leader_url = null');
}

/** The clock of another machine, with another zero, that someone has set. */
function otherClock(wallMs: number): ManualClock {
  const clock = new ManualClock();
  clock.reboot();
  clock.advance(77_777);
  clock.jumpWall(wallMs);
  return clock;
}

await describeWithCluster('the timeline of a new leader', (cluster) => {
  test.each([HOUR_MS, -24 * HOUR_MS])(
    'continues what it has seen of the old one, with a wall clock that is off by %i ms',
    async (wallMs) => {
      const database = await testDatabase(cluster);
      const [first, second] = [await replicaOn(database), await replicaOn(database, otherClock(wallMs))];
      await first.lead();
      const led = second.lead();
      await untilItWaits(second.clock);
      for (let looks = 0; looks < 5; looks += 1) {
        await first.serve(100);
        await look(second.clock);
        await untilItWaits(second.clock);
      }
      const { now } = first;
      await freeToLead(database);
      await look(second.clock);
      await led;
      // A look later. The first sample of a term does not count, and the others were not late.
      expect(second.now).toBeLessThanOrEqual(now + 100);
      expect(second.now).toBeGreaterThanOrEqual(now + 98);
      // Clients see the wall clock of the new machine.
      const [row] = await database.query<{ wall: string }>(
        'select last_instant + wall_skew as wall from server',
      );
      expect(Math.abs(Number(row?.wall) - second.clock.wallMs())).toBeLessThan(2);
    },
  );

  test('goes on where it was if the process has led before', async () => {
    const database = await testDatabase(cluster);
    const replica = await replicaOn(database);
    await replica.lead();
    await replica.serve(1_000);
    const { now } = replica;
    await replica.crash();
    await replica.journal.resign();
    replica.clock.advance(5_000);
    replica.clock.jumpWall(HOUR_MS);
    await replica.lead();
    expect(replica.now).toBe(now + 5_000);
  });

  test.each([
    ['as much later as the clock of the database says', "- interval '5 s'", 5_000],
    ['at the last commit if that clock was set back', "+ interval '1 h'", 0],
  ])('starts %s if it has not seen the old one', async (_, change, laterMs) => {
    const database = await testDatabase(cluster);
    const first = await replicaOn(database);
    await first.lead();
    await first.serve(1_000);
    const { now } = first;
    await first.crash();
    await freeToLead(database);
    await database.query(`update server set db_clock = clock_timestamp() ${change}`);
    const second = await replicaOn(database, otherClock(HOUR_MS));
    await second.lead();
    expect(second.now).toBeGreaterThanOrEqual(now + laterMs);
    expect(second.now).toBeLessThanOrEqual(now + laterMs + 30_000);
  });
});

await describeWithCluster('a lease at a take-over', (cluster) => {
  /** The next leader begins so much later, by the clock of the database. */
  async function takeOver(database: TestDatabase, from: Replica, outageMs: number): Promise<Replica> {
    await from.crash();
    const ago = `clock_timestamp() - interval '${outageMs} ms'`;
    await database.query(`update server set leader_url = null, db_clock = ${ago}`);
    const next = await replicaOn(database, otherClock(0));
    await next.lead();
    return next;
  }

  async function storedDeadlines(database: TestDatabase): Promise<number[]> {
    const rows = await database.query<{ deadline: string }>(
      'select deadline from leases order by fencing_token',
    );
    return rows.map(({ deadline }) => Number(deadline));
  }

  async function leaderWithLeases(database: TestDatabase): Promise<Replica> {
    const first = await replicaOn(database);
    await first.lead();
    await first.serve(GRACE_MS);
    for (const ttl of [4, 5, 120, 3_600]) await first.grant(`ttl-${ttl}`, ttl);
    await first.serve(4_500);
    return first;
  }

  test('is alive if it was at the last commit, and gets time to renew', async () => {
    const database = await testDatabase(cluster);
    const first = await leaderWithLeases(database);
    const before = await storedDeadlines(database);
    const second = await takeOver(database, first, 120_000);
    expect(await second.leftOf('ttl-4')).toBeNull();
    expect(await second.leftOf('ttl-5')).toBe(5_000);
    expect(await second.leftOf('ttl-120')).toBe(GRACE_MS);
    expect(await second.leftOf('ttl-3600')).toBeGreaterThan(3_400_000);
    expect(await storedDeadlines(database)).toEqual(before);
  });

  test('keeps that time, and gets no more of it, if the new leader crashes', async () => {
    const database = await testDatabase(cluster);
    const second = await takeOver(database, await leaderWithLeases(database), 120_000);
    await second.serve(4_000);
    const third = await takeOver(database, second, 0);
    const left = (await third.leftOf('ttl-120')) ?? 0;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(6_000);
    await third.serve(2_000);
    const fourth = await takeOver(database, third, 10_000);
    expect(await fourth.leftOf('ttl-120')).toBeNull();
    expect(await fourth.leftOf('ttl-3600')).toBeGreaterThan(3_400_000);
  });

  test('gets more time again after a leader that has served', async () => {
    const database = await testDatabase(cluster);
    const second = await takeOver(database, await leaderWithLeases(database), 120_000);
    await second.grant('again', 60);
    await second.serve(GRACE_MS);
    const third = await takeOver(database, second, 120_000);
    expect(await third.leftOf('again')).toBe(GRACE_MS);
    expect(await third.leftOf('ttl-120')).toBeNull();
  });
});
