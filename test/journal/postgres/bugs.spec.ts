import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Connection, type Answer } from '../../../src/journal/postgres/connection/connection.js';
import { LineSamples } from '../../../src/journal/postgres/term/line-samples.js';
import { Link } from '../../../src/journal/postgres/connection/link.js';
import { ConnectionLostError } from '../../../src/journal/postgres/connection/sql-errors.js';
import { RowChanges } from '../../../src/journal/row-changes.js';
import { LockStore } from '../../../src/store/lock-store.js';
import type { Cluster } from '../../../lab/kit/postgres/cluster.js';
import { missStandby, needNoStandby } from '../../support/postgres/missing-standby.js';
import { CuttingProxy } from '../../../lab/kit/proxy/cutting-proxy.js';
import { look, untilItWaits } from '../../support/postgres/looking.js';
import {
  commitLease,
  connectTo,
  leadAt,
  testDatabase,
  tokensIn,
} from '../../support/postgres/test-journal.js';
import type { TestDatabase } from '../../support/postgres/test-database.js';
import { acquireRequest, lock } from '../../support/law.js';
import { ManualClock } from '../../support/manual-clock.js';
import { STORE_OPTIONS } from '../../support/store.js';
import { WATERMARKS } from '../../support/store-rows.js';
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
  {
    name: 'samples of one term are kept into the next',
    plant: mixTerms,
    expectKept: noTermIsAheadOfTheOneBefore,
  },
  {
    name: 'each take-over gives a grace, even after a crash',
    plant: forgetWhenTheTermBegan,
    expectKept: crashesGiveOneGrace,
  },
  {
    name: 'a leader goes on although a later term may be lost',
    plant: goOnAnywhere,
    expectKept: aLostTermEndsTheOneBefore,
  },
  { name: 'counters do not jump', plant: jumpOverNothing, expectKept: noTokenIsIssuedTwice },
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
  await untilStandbyIsMissed(database);
  await database.query("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'");
  await vi.waitFor(async () => expect(await tokensIn(database)).toEqual([1]), { timeout: 20_000 });
  await Promise.race([committed, untilStandbyIsMissed(database)]);
  expect(isAnswered).toBe(false);
  await needNoStandby(cluster);
  await committed;
}

async function untilStandbyIsMissed(database: TestDatabase): Promise<void> {
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

/** As if all terms had one timeline. */
function mixTerms(): void {
  const { prototype } = LineSamples;
  const [note, offsetOf] = [Reflect.get(prototype, 'note'), Reflect.get(prototype, 'offsetOf')];
  vi.spyOn(prototype, 'note').mockImplementation(function (this: LineSamples, { lastInstant }, receivedAtMs) {
    note.call(this, { reign: 'any', lastInstant }, receivedAtMs);
  });
  vi.spyOn(prototype, 'offsetOf').mockImplementation(function (this: LineSamples, _, nowMs) {
    return offsetOf.call(this, 'any', nowMs);
  });
}

async function forgetWhenTheTermBegan(database: TestDatabase): Promise<void> {
  await database.query(`
    create function forget() returns trigger language plpgsql as $$ begin
      new.graces := jsonb_set(new.graces::jsonb, '{began}', '0')::text;
      return new;
    end $$;
    create trigger forget before update on server for each row execute function forget()`);
}

async function goOnAnywhere(database: TestDatabase): Promise<void> {
  const [row] = await database.query<{ sql: string }>(
    "select pg_get_functiondef(oid) as sql from pg_proc where proname like 'go\\_on\\_%'",
  );
  const check = ') is not true then';
  const sql = row?.sql ?? '';
  expect(sql.split(check)).toHaveLength(2);
  await database.query(sql.replace(check, ') is null then'));
}

async function jumpOverNothing(database: TestDatabase): Promise<void> {
  const [row] = await database.query<{ sql: string }>(
    "select pg_get_functiondef(oid) as sql from pg_proc where proname like 'take\\_over\\_%'",
  );
  const jump = 'v_token := (greatest(';
  const sql = row?.sql ?? '';
  expect(sql.split(jump)).toHaveLength(2);
  await database.query(sql.replace(jump, 'v_token := least(v_token, greatest('));
}

/** The second leader has seen little of the first one, so its timeline lags. A third process has watched both. */
async function noTermIsAheadOfTheOneBefore(_: Cluster, database: TestDatabase): Promise<void> {
  const clock = new ManualClock();
  const watcher = await connectTo(database.location(), clock);
  let leading = await leadAt(database.location());
  const commitAt = async (lastInstant: number): Promise<void> => {
    const watermarks = { ...WATERMARKS, lastInstant };
    await leading.journal.commit({ epoch: leading.epoch, watermarks, rows: new RowChanges() });
    await look(clock);
    await untilItWaits(clock);
  };
  const led = watcher.lead();
  await untilItWaits(clock);
  for (const instant of [10_000, 10_100, 10_200]) await commitAt(instant);
  await database.query('update server set leader_url = null');
  leading = await leadAt(database.location());
  for (const instant of [10_210, 10_310, 10_410]) await commitAt(instant);
  await leading.journal.resign();
  await look(clock);
  await led;
  const { succession } = watcher;
  const now = succession.kind === 'take_over' ? clock.monotonicMs() + succession.lineOffsetMs : NaN;
  expect(now).toBeLessThanOrEqual(10_510);
}

/** A lease that no one renews ends, although leaders keep crashing. */
async function crashesGiveOneGrace(_: Cluster, database: TestDatabase): Promise<void> {
  const clock = new ManualClock();
  const serve = async (): Promise<LockStore> => {
    await database.query('update server set leader_url = null, db_clock = clock_timestamp()');
    return LockStore.lead(await connectTo(database.location(), clock), clock, STORE_OPTIONS);
  };
  const first = await serve();
  await first.acquire(acquireRequest('a', { ttl: 10 }), 0);
  await first.close();
  for (let crashes = 0; crashes < 4; crashes += 1) {
    const store = await serve();
    clock.advance(6_000);
    await store.write(new RowChanges());
    await store.close();
  }
  const last = await serve();
  expect(await last.read((state, now) => state.firstLiveLease(lock('a'), now))).toBeNull();
  await last.close();
}

/** A standby was promoted that lacks the whole term of another leader, and the one before does not know of it. */
async function aLostTermEndsTheOneBefore(_: Cluster, database: TestDatabase): Promise<void> {
  const leading = await leadAt(database.location());
  await commitLease(leading, 1);
  await database.query('update server set timeline = timeline - 1');
  await commitLease(leading, 2).catch(() => undefined);
  expect(await tokensIn(database)).toEqual([1]);
}

/** A fail-over has lost a token. */
async function noTokenIsIssuedTwice(_: Cluster, database: TestDatabase): Promise<void> {
  const leading = await leadAt(database.location());
  for (const token of [1, 2]) await commitLease(leading, token);
  await database.query('update server set commit_no = commit_no - 1, last_fencing_token = 1, timeline = 0');
  await leading.journal.resign();
  const next = await (await connectTo(database.location())).lead();
  expect(next.lastFencingToken).toBeGreaterThanOrEqual(2);
}
