import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { clusterDesk } from '../../src/cli/server/postgres/cluster-desk.js';
import type { Cluster, Finalized, SeenReplica } from '../../src/journal/cluster.js';
import { secretCheckOf } from '../../src/secrets/secret-check.js';
import { oneKey, secretKeysIn } from '../../src/secrets/secret-keys.js';

const REPLICA: SeenReplica = {
  replicaId: 'r1',
  url: 'http://10.0.0.1:3000',
  version: '1.4.0',
  settings: 'digest',
  format: 1,
  isLeader: false,
  startedAtMs: 0,
  seenAgoMs: 1_234,
};

const CLUSTER: Cluster = {
  format: 1,
  replicas: [
    { ...REPLICA, isLeader: true },
    { ...REPLICA, replicaId: 'r2', url: 'http://10.0.0.2:3000' },
    { ...REPLICA, replicaId: 'r3', url: 'http://10.0.0.3:3000', isLeader: true, seenAgoMs: 61_000 },
  ],
  terms: [
    { epoch: 9, url: null, version: null, beganAtMs: 0, reason: 'restored', skipped: 4_294_967_296 },
    { epoch: 8, url: REPLICA.url, version: '1.4.0', beganAtMs: 0, reason: 'silent', skipped: 0 },
  ],
};

const KEYS = oneKey('k'.repeat(32));

function databaseWith(cluster: Cluster, finalized?: Finalized, secretCheck: string | null = null) {
  return {
    secretCheck: () => Promise.resolve(secretCheck),
    cluster: () => Promise.resolve(cluster),
    finalize: () =>
      finalized === undefined ? Promise.reject(new Error('not used')) : Promise.resolve(finalized),
  };
}

/** What `run` prints, and the exit code that it sets. */
async function printedBy(run: () => Promise<void>): Promise<{ text: string; exitCode: unknown }> {
  let text = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  const before = process.exitCode;
  onTestFinished(() => {
    spy.mockRestore();
    process.exitCode = before;
  });
  await run();
  return { text, exitCode: process.exitCode };
}

test('the status is readable', async () => {
  const { text } = await printedBy(() => clusterDesk(databaseWith(CLUSTER), KEYS).showStatus(false));
  expect(text).toBe(
    `ROLE     VERSION  SEEN        URL
leader   1.4.0    1.2 s ago   http://10.0.0.1:3000
standby  1.4.0    1.2 s ago   http://10.0.0.2:3000
gone     1.4.0    61.0 s ago  http://10.0.0.3:3000

The format of the database is 1.

TERM  BEGAN                     WHY                                                         LEADER
9     1970-01-01T00:00:00.000Z  the database was restored; 4294967296 numbers were skipped  (a command)
8     1970-01-01T00:00:00.000Z  the leader before was silent                                http://10.0.0.1:3000
`,
  );
});

test('the status warns of servers with other settings than the leader', async () => {
  const [leader = REPLICA, second = REPLICA] = CLUSTER.replicas;
  const differing = { ...CLUSTER, replicas: [leader, { ...second, settings: 'other' }] };
  const { text } = await printedBy(() => clusterDesk(databaseWith(differing), KEYS).showStatus(false));
  expect(text).toContain('other settings than the leader, or another SECRET_KEY: http://10.0.0.2:3000. Give');
});

test('the status of a database that no server uses says so', async () => {
  const empty = { format: 1, replicas: [], terms: [] };
  const { text } = await printedBy(() => clusterDesk(databaseWith(empty), KEYS).showStatus(false));
  expect(text).toContain('No server has used this database in the last hour.');
  expect(text).toContain('No server has led on this database yet.');
});

test('programs get the roles and all facts', async () => {
  const { text } = await printedBy(() => clusterDesk(databaseWith(CLUSTER), KEYS).showStatus(true));
  const { replicas, terms } = JSON.parse(text) as { replicas: { role: string }[]; terms: unknown[] };
  expect(replicas.map(({ role }) => role)).toEqual(['leader', 'standby', 'gone']);
  expect(replicas[1]).toMatchObject({ url: 'http://10.0.0.2:3000', seen_ago_ms: 1_234, started_at_ms: 0 });
  expect(terms).toHaveLength(2);
});

test.each<[string, Finalized, number | undefined, RegExp]>([
  ['raised', { formatBefore: 1, format: 2, outdated: [] }, undefined, /is now 2\. Servers with an older/],
  ['final already', { formatBefore: 2, format: 2, outdated: [] }, undefined, /is 2\. There is nothing to do/],
  [
    'held back by a server',
    { formatBefore: 1, format: 1, outdated: [REPLICA] },
    75,
    /Upgrade these servers, then run this again: http:\/\/10\.0\.0\.1:3000 \(1\.4\.0\)\./,
  ],
])('a format that is %s', async (_, finalized, exitCode, sentence) => {
  const printed = await printedBy(() => clusterDesk(databaseWith(CLUSTER, finalized), KEYS).finalize());
  expect(printed.text).toMatch(sentence);
  expect(printed.exitCode).toBe(exitCode);
});

describe('while the secret key is replaced', () => {
  const OLD = 'o'.repeat(32);
  const NEW = 'n'.repeat(32);

  async function shown(text: string, ...required: readonly string[]) {
    const checks = await Promise.all(required.map(secretCheckOf));
    const database = databaseWith(CLUSTER, undefined, checks.join(' '));
    const desk = clusterDesk(database, secretKeysIn(text, 32));
    const { text: forPeople } = await printedBy(() => desk.showStatus(false));
    const { text: json } = await printedBy(() => desk.showStatus(true));
    return { forPeople, encryption: (JSON.parse(json) as { encryption: string }).encryption };
  }

  test.each<[string, string, readonly string[], string, RegExp]>([
    ['nothing has changed yet', `${NEW},${OLD}`, [OLD], 'former', /encrypted with a later key of SECRET_KEY/],
    ['a leader has begun', `${NEW},${OLD}`, [OLD, NEW], 'changing', /Until that is done, every server needs/],
    ['all is done', `${NEW},${OLD}`, [NEW], 'first', /first key of every server, you can remove the others/],
    ['this command lacks a key', OLD, [OLD, NEW], 'missing', /^Warning: this SECRET_KEY lacks a key/m],
    ['this command has another key', OLD, [NEW], 'missing', /^Warning: this SECRET_KEY lacks a key/m],
  ])('the status says that %s', async (_, text, required, encryption, sentence) => {
    const status = await shown(text, ...required);
    expect(status.encryption).toBe(encryption);
    expect(status.forPeople).toMatch(sentence);
  });

  test('with one key there is nothing to say', async () => {
    const { encryption, forPeople } = await shown(NEW, NEW);
    expect(encryption).toBe('first');
    expect(forPeople).not.toContain('SECRET_KEY');
  });
});
