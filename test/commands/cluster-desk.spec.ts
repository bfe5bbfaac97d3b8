import { expect, onTestFinished, test, vi } from 'vitest';
import { clusterDesk } from '../../src/cli/server/postgres/cluster-desk.js';
import type { Cluster, Finalized, SeenReplica } from '../../src/journal/cluster.js';

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

function databaseWith(cluster: Cluster, finalized?: Finalized) {
  return {
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
  const { text } = await printedBy(() => clusterDesk(databaseWith(CLUSTER)).showStatus(false));
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
  const { text } = await printedBy(() => clusterDesk(databaseWith(differing)).showStatus(false));
  expect(text).toContain('other settings than the leader: http://10.0.0.2:3000. Give');
});

test('the status of a database that no server uses says so', async () => {
  const empty = { format: 1, replicas: [], terms: [] };
  const { text } = await printedBy(() => clusterDesk(databaseWith(empty)).showStatus(false));
  expect(text).toContain('No server has used this database in the last hour.');
  expect(text).toContain('No server has led on this database yet.');
});

test('programs get the roles and all facts', async () => {
  const { text } = await printedBy(() => clusterDesk(databaseWith(CLUSTER)).showStatus(true));
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
  const printed = await printedBy(() => clusterDesk(databaseWith(CLUSTER, finalized)).finalize());
  expect(printed.text).toMatch(sentence);
  expect(printed.exitCode).toBe(exitCode);
});
