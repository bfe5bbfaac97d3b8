import { expect, test } from 'vitest';
import type { ServerRow } from '../../../src/journal/rows/server-row.js';
import { readLeader } from '../../../src/journal/postgres/read-leader.js';
import { TIMING } from '../../../src/journal/postgres/term/timing.js';
import { RowChanges } from '../../../src/journal/row-changes.js';
import { ManualClock } from '../../support/manual-clock.js';
import { WATERMARKS } from '../../support/store-rows.js';
import {
  commitLease,
  connectTo,
  leadAt,
  testDatabase,
  tokensIn,
} from '../../support/postgres/test-journal.js';
import { look, untilItWaits } from '../../support/postgres/looking.js';
import { TestDatabase } from '../../support/postgres/test-database.js';
import { describeWithCluster } from '../../support/postgres/with-cluster.js';

/** For commits that may be missing, and for terms that may be missing as a whole. */
const [FOR_COMMITS, FOR_TERMS] = [2 ** 32, 2 ** 36];

/** A number that is ahead of the clock, as after many losses in a short time. */
const AHEAD = 2 ** 52;

/** The number of an instant: a million for each second since 2026. */
function numberAt(wallMs: number): number {
  return 1_000 * (wallMs - Date.UTC(2026, 0, 1));
}

/** How often a process looks at the row before it takes over. */
const LOOKS = TIMING.leaseMs / TIMING.observeEveryMs;

await describeWithCluster('a process that wants to lead', (cluster) => {
  test('takes over from a leader that has not committed for three seconds, and not before', async () => {
    const database = await testDatabase(cluster);
    const first = await leadAt(database.location());
    await commitLease(first, 1);
    const clock = new ManualClock();
    const second = await connectTo(database.location(), clock);
    const led = second.lead();
    for (let looks = 0; looks < LOOKS - 10; looks += 1) await look(clock);
    await untilItWaits(clock);
    await commitLease(first, 2);
    for (let looks = 0; looks < LOOKS; looks += 1) await look(clock);
    await untilItWaits(clock);
    expect(await database.query('select epoch::int from server')).toEqual([{ epoch: 1 }]);
    await look(clock);
    expect(await led).toMatchObject({ epoch: 2, lastFencingToken: 2 });
    await expect(commitLease(first, 3)).rejects.toThrow('a newer term');
    await commitLease({ journal: second, epoch: 2 }, 4);
    expect(await tokensIn(database)).toEqual([1, 2, 4]);
  });

  test('leaves a leader more time that has many leases to load', async () => {
    const database = await testDatabase(cluster);
    await database.query(
      `insert into leases (fencing_token, lock_name, lease_id, user_id, ttl_seconds, deadline)
        select number, 'l/' || number, 'id-' || number, 'u', 60, 0 from generate_series(1, 25000) as number`,
    );
    await (await connectTo(database.location())).lead();
    const clock = new ManualClock();
    const second = await connectTo(database.location(), clock);
    const led = second.lead();
    await untilItWaits(clock);
    const loadMs = 25_000 * TIMING.loadMsPerLease;
    for (let looks = 1; looks < LOOKS + loadMs / TIMING.observeEveryMs; looks += 1) await look(clock);
    await untilItWaits(clock);
    expect(await database.query('select epoch::int from server')).toEqual([{ epoch: 1 }]);
    await look(clock);
    expect(await led).toMatchObject({ epoch: 2 });
  });

  test('takes over at once when the leader resigns', async () => {
    const database = await testDatabase(cluster);
    const first = await leadAt(database.location());
    const clock = new ManualClock();
    const second = await connectTo(database.location(), clock);
    const led = second.lead();
    await untilItWaits(clock);
    await first.journal.close();
    await look(clock);
    expect(await led).toMatchObject({ epoch: 2 });
  });

  test('stops when it is closed', async () => {
    const database = await testDatabase(cluster);
    await leadAt(database.location());
    const clock = new ManualClock();
    const second = await connectTo(database.location(), clock);
    const led = second.lead().catch((error: unknown) => error);
    await look(clock);
    await second.close();
    expect(String(await led)).toContain('not open');
    expect(await database.query('select epoch::int from server')).toEqual([{ epoch: 1 }]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('is one of several, and only one of them wins each time', async () => {
    const database = await testDatabase(cluster);
    const journals = await Promise.all([1, 2, 3].map(() => connectTo(database.location())));
    const leads = journals.map((journal) => journal.lead().catch(() => null));
    const winner = await Promise.race(leads.map(async (led, index) => ({ row: await led, index })));
    expect(winner.row).toMatchObject({ epoch: 1 });
    await journals[winner.index]?.close();
    const others = leads.filter((_, index) => index !== winner.index);
    expect(await Promise.race(others)).toMatchObject({ epoch: 2 });
  });

  test('does not read on when another process has begun a newer term', async () => {
    const database = await testDatabase(cluster);
    const first = await leadAt(database.location());
    await commitLease(first, 1);
    await first.journal.advertise(null);
    const second = await leadAt(database.location());
    await commitLease(second, 2);
    await expect(first.journal.load('leases')).rejects.toThrow('a newer term');
    expect(await second.journal.load('leases')).toHaveLength(2);
  });

  test('is sure to lead for two and a half seconds after it sent its last commit', async () => {
    const database = await testDatabase(cluster);
    const clock = new ManualClock();
    const leading = await leadAt(database.location(), clock);
    expect(leading.journal.tenure).toEqual({ sureUntilMs: clock.monotonicMs() + 2_500, commitEveryMs: 750 });
    clock.advance(1_000);
    const committed = commitLease(leading, 1);
    // It is sent before anything can be received.
    while (clock.pendingTimers === 0) await Promise.resolve();
    clock.advance(600);
    await committed;
    expect(leading.journal.tenure.sureUntilMs).toBe(clock.monotonicMs() - 600 + 2_500);
  });

  test('says where it can be reached, and so does who asks', async () => {
    const database = await testDatabase(cluster);
    expect(await readLeader(database.location())).toBeNull();
    const journal = await connectTo(database.location());
    await journal.lead();
    expect(await readLeader(database.location())).toMatchObject({ url: '' });
    await journal.advertise('http://10.0.0.1:3000');
    const leader = await readLeader(database.location());
    expect(leader).toEqual({ url: 'http://10.0.0.1:3000', reign: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    await journal.close();
    expect(await readLeader(database.location())).toBeNull();
    const empty = await TestDatabase.empty(cluster);
    expect(await readLeader(empty.location())).toBeNull();
    await empty.drop();
  });

  test('does not take the address of a later leader away', async () => {
    const database = await testDatabase(cluster);
    const first = await leadAt(database.location());
    await first.journal.advertise(null);
    const second = await leadAt(database.location());
    await second.journal.advertise('http://second');
    await first.journal.advertise('http://first');
    await first.journal.close();
    expect(await readLeader(database.location())).toMatchObject({ url: 'http://second' });
  });
});

await describeWithCluster('a take-over', (cluster) => {
  /** The row of the next term, after a term that has left some rows, a change behind its back, and maybe the same process. */
  async function nextTerm(
    change: string,
    { isSameProcess = false, ahead = 0 } = {},
  ): Promise<[ServerRow, TestDatabase]> {
    const database = await testDatabase(cluster);
    const first = await leadAt(database.location());
    const rows = new RowChanges().put('fences', { name: 'disk', userId: 'u', highest: 5 });
    const watermarks = { ...WATERMARKS, lastFencingToken: ahead + 100, lastSequence: ahead + 200 };
    for (const changes of [rows, new RowChanges()]) {
      await first.journal.commit({ epoch: 1, watermarks, rows: changes });
    }
    await first.journal.advertise(null);
    await database.query(change);
    const next = isSameProcess ? first.journal : await connectTo(database.location());
    return [await next.lead(), database];
  }

  test.each([
    ['nothing has happened', 'select 1', false],
    ['the row was continued by another process', 'update server set commit_no = commit_no + 1', true],
  ])('continues the numbers if %s', async (_, change, isSameProcess) => {
    const [row, database] = await nextTerm(change, { isSameProcess });
    expect(row).toMatchObject({ lastFencingToken: 100, lastSequence: 200, restoredAt: 0, bootId: 'boot' });
    expect(await database.query('select highest::int from fences')).toEqual([{ highest: 5 }]);
  });

  const LOSSES: [string, string, boolean, number][] = [
    ['the database is another one', "update server set system_id = '1'", false, FOR_TERMS],
    ['a standby was promoted', 'update server set timeline = timeline - 1', false, FOR_TERMS],
    ['this process saw later commits', 'update server set commit_no = commit_no - 1', true, FOR_TERMS],
    [
      'the database never received the first term',
      `update server set epoch = 0, commit_no = 0, reign = null, leader_url = null,
        system_id = null, timeline = null, postmaster_started_at = null, db_clock = null`,
      true,
      FOR_TERMS,
    ],
    [
      'the database was restarted and no one watched',
      "update server set postmaster_started_at = '2020-01-01'",
      false,
      FOR_COMMITS,
    ],
  ];

  test.each(LOSSES)(
    'skips to above the number of the present time if %s',
    async (_, change, isSameProcess, least) => {
      const from = least + numberAt(Date.now());
      const [{ lastFencingToken, ...row }, database] = await nextTerm(change, { isSameProcess });
      expect(lastFencingToken).toBeGreaterThanOrEqual(from);
      expect(lastFencingToken).toBeLessThanOrEqual(least + numberAt(Date.now() + 1));
      expect(row).toMatchObject({
        lastSequence: lastFencingToken,
        restoredAt: lastFencingToken,
        bootId: 'boot',
      });
      expect(await database.query('select highest::float8 from fences')).toEqual([
        { highest: lastFencingToken },
      ]);
    },
  );

  test.each(LOSSES)(
    'skips numbers that are ahead of the clock if %s',
    async (_, change, isSameProcess, least) => {
      const [row] = await nextTerm(change, { isSameProcess, ahead: AHEAD });
      const skipped = row.lastFencingToken - AHEAD - 100;
      expect(skipped).toBeGreaterThanOrEqual(least);
      expect(skipped).toBeLessThan(least + 600 * 1_000_000);
      expect(row).toMatchObject({ lastSequence: AHEAD + 200 + skipped, restoredAt: AHEAD + 200 + skipped });
    },
  );

  test('skips numbers once for each promotion since the last known term: one in between may be lost as a whole', async () => {
    const change = 'update server set timeline = timeline - 3';
    const [{ lastFencingToken }] = await nextTerm(change, { ahead: AHEAD });
    expect(Math.floor((lastFencingToken - AHEAD) / FOR_TERMS)).toBe(3);
  });

  test('skips a million numbers for each second since the last commit, on top of that', async () => {
    const change = "update server set system_id = '1', db_clock = clock_timestamp() - interval '1 hour'";
    const [{ lastFencingToken }] = await nextTerm(change, { ahead: AHEAD });
    expect(lastFencingToken).toBeGreaterThanOrEqual(AHEAD + FOR_TERMS + 3_600 * 1_000_000);
    expect(lastFencingToken).toBeLessThan(AHEAD + FOR_TERMS + 4_200 * 1_000_000);
  });

  test('does not skip back if the clock of the database was set back', async () => {
    const change = "update server set system_id = '1', db_clock = clock_timestamp() + interval '1 day'";
    const [{ lastFencingToken }] = await nextTerm(change, { ahead: AHEAD });
    expect(lastFencingToken).toBe(AHEAD + 100 + FOR_TERMS);
  });

  test('skips numbers once for each loss', async () => {
    const [row, database] = await nextTerm('update server set commit_no = commit_no - 1', {
      isSameProcess: true,
    });
    await database.query('update server set leader_url = null');
    const { journal } = await leadAt(database.location());
    expect(await journal.lead()).toMatchObject({ lastFencingToken: row.lastFencingToken, epoch: 4 });
  });
});
