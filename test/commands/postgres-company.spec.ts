import { expect, test } from 'vitest';
import { assertSafeForSeveral, assertSameSecret } from '../../src/cli/server/postgres/check-company.js';
import { settingsDigest } from '../../src/cli/server/postgres/settings-digest.js';
import { loadConfig } from '../../src/config/config.js';
import type { SeenReplica } from '../../src/journal/cluster.js';
import { RequiredKeys } from '../../src/secrets/required-keys.js';
import { oneKey } from '../../src/secrets/secret-keys.js';
import { ManualClock } from '../support/manual-clock.js';

const KEY = 'k'.repeat(32);
const OTHER_KEY = 'o'.repeat(32);

const REPLICA: SeenReplica = {
  replicaId: 'r1',
  url: 'http://10.0.0.1:3000',
  version: '1.4.0',
  settings: 'digest',
  format: 1,
  isLeader: true,
  startedAtMs: 0,
  seenAgoMs: 0,
};

/** A database that no server has used. */
function newDatabase() {
  let kept: string | null = null;
  return { keepSecretCheck: (check: string) => Promise.resolve((kept ??= check)) };
}

test('all servers need the secret key of the first one', async () => {
  const database = newDatabase();
  await assertSameSecret(database, new RequiredKeys(oneKey(KEY)));
  await assertSameSecret(database, new RequiredKeys(oneKey(KEY)));
  const other = new RequiredKeys(oneKey(OTHER_KEY));
  const refusal = String(await assertSameSecret(database, other).catch((error: unknown) => error));
  expect(refusal).toContain('SECRET_KEY: is not the key of the other servers');
  expect(refusal).not.toContain(OTHER_KEY);
});

/** How long ago another server was last seen at each look. No other server has ever run if there is no number. */
function databaseWith(standbys: number, isSynchronous: boolean, ...seenAgoMs: readonly number[]) {
  let looks = 0;
  const replicas = (): SeenReplica[] => {
    const agoMs = seenAgoMs[Math.min(looks, seenAgoMs.length - 1)];
    looks += 1;
    return agoMs === undefined ? [] : [{ ...REPLICA, seenAgoMs: agoMs }];
  };
  return {
    replication: () => Promise.resolve({ standbys, isSynchronous }),
    cluster: () => Promise.resolve({ format: 1, replicas: replicas(), terms: [] }),
  };
}

/** Its pauses take no time. */
class FastClock extends ManualClock {
  override pause(durationMs: number): Promise<void> {
    this.advance(durationMs);
    return Promise.resolve();
  }
}

const GROWING = Array.from({ length: 20 }, (_, look) => 300 + 500 * look);

test.each([
  ['a database without standbys', databaseWith(0, false, 600, 100)],
  ['a synchronous standby', databaseWith(1, true, 600, 100)],
  ['no other server', databaseWith(2, false)],
  ['a server that has gone', databaseWith(2, false, 10_001)],
  ['a server that was killed just now', databaseWith(2, false, ...GROWING)],
])('a server starts with %s', async (_, database) => {
  const started = assertSafeForSeveral(database, { ALLOW_ASYNC_STANDBY: false }, new FastClock());
  await expect(started).resolves.toBeUndefined();
});

/** A server that runs, at each of many looks. */
const REPORTING = Array.from({ length: 300 }, (_, look) => 300 + 500 * (look % 4));

test('a second server does not start if all standbys are asynchronous, unless you allow it', async () => {
  const start = (isAllowed: boolean): Promise<void> =>
    assertSafeForSeveral(
      databaseWith(1, false, ...REPORTING),
      { ALLOW_ASYNC_STANDBY: isAllowed },
      new FastClock(),
    );
  await expect(start(false)).rejects.toThrow(
    /http:\/\/10\.0\.0\.1:3000.*Set synchronous_standby_names in PostgreSQL, or ALLOW_ASYNC_STANDBY=true/,
  );
  await expect(start(true)).resolves.toBeUndefined();
});

test('a second server waits half a minute for a synchronous standby, as after a fail-over', async () => {
  const clock = new FastClock();
  const beganAtMs = clock.monotonicMs();
  const database = {
    ...databaseWith(1, false, ...REPORTING),
    replication: () =>
      Promise.resolve({ standbys: 1, isSynchronous: clock.monotonicMs() - beganAtMs > 25_000 }),
  };
  await expect(
    assertSafeForSeveral(database, { ALLOW_ASYNC_STANDBY: false }, clock),
  ).resolves.toBeUndefined();
  expect(clock.monotonicMs() - beganAtMs).toBeGreaterThan(25_000);
});

test('the digest of the settings is the same for servers that differ only in their place', () => {
  const digest = settingsDigest(loadConfig({ ADMIN_USERS: 'ada' }), oneKey(KEY));
  const elsewhere = { ADMIN_USERS: 'ada', BIND_ADDR: '127.0.0.1:80', LOG_LEVEL: 'warn' };
  expect(settingsDigest(loadConfig(elsewhere), oneKey(KEY))).toBe(digest);
  expect(settingsDigest(loadConfig({ ADMIN_USERS: 'bob' }), oneKey(KEY))).not.toBe(digest);
  expect(settingsDigest(loadConfig({ MAX_LOCKS: '7' }), oneKey(KEY))).not.toBe(digest);
  expect(settingsDigest(loadConfig({ ADMIN_USERS: 'ada' }), oneKey(OTHER_KEY))).not.toBe(digest);
});
