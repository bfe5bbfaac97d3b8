import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { SOON } from '../support/process.js';
import { BOB, startServer, type TestServer } from '../support/server.js';
import { COMPLIANT, groupOf, livingMembers, octostore, Rig } from './cli-rig.js';

let server: TestServer;
let bob: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

function lockRun(
  options: readonly string[],
  command: readonly string[],
  settings: Record<string, string> = {},
) {
  return octostore(['lock', 'run', ...options, '--', ...command], server.url, settings);
}

async function statusesOf(...names: readonly string[]): Promise<string[]> {
  return Promise.all(names.map(async (name) => (await bob.lockStatus(name)).status));
}

const SHOW_SLOTS = 'echo "$OCTOSTORE_LOCK [$OCTOSTORE_SLOTS]"';

test('readers run together, and a writer runs alone', async () => {
  const readers = [1, 2].map(() => lockRun(['table', '--shared'], COMPLIANT));
  await Promise.all(readers.map(groupOf));
  expect(await bob.lockStatus('table')).toMatchObject({ mode: 'shared', holderCount: 2 });
  const writer = lockRun(['table', '--wait', '10m'], ['echo', 'alone']);
  await expect.poll(async () => (await bob.queue('table')).waiters, SOON).toBe(1);
  expect(await lockRun(['table', '--shared'], ['true']).finish()).toMatchObject({ code: EXIT.notAcquired });
  for (const reader of readers) reader.signal('SIGTERM');
  expect(await writer.finish()).toMatchObject({ code: 0, stdout: 'alone\n', stderr: '' });
  await Promise.all(readers.map((reader) => reader.finish()));
});

test('each command under a counted lock learns its own slots', async () => {
  const script = `${SHOW_SLOTS}; echo "group $$"; exec sleep 300`;
  const first = lockRun(['pool', '--limit', '3', '--permits', '2'], ['sh', '-c', script]);
  await groupOf(first);
  const second = lockRun(['pool', '--limit', '3'], ['sh', '-c', script]);
  await groupOf(second);
  expect([first.stdout, second.stdout].map((text) => text.split('\n')[0])).toEqual([
    'pool [0,1]',
    'pool [2]',
  ]);
  const refused = await lockRun(['pool', '--limit', '3'], ['echo', 'ran']).finish();
  expect(refused).toMatchObject({ code: EXIT.notAcquired, stdout: '' });
  for (const run of [first, second]) run.signal('SIGTERM');
  await Promise.all([first.finish(), second.finish()]);
});

test('the slots of an outer lock do not look like those of an inner one', async () => {
  const uncounted = ['sh', '-c', 'echo "${OCTOSTORE_SLOTS-unset}"'];
  expect((await lockRun(['inner'], uncounted).finish()).stdout).toBe('unset\n');
  expect((await lockRun(['inner'], uncounted, { OCTOSTORE_SLOTS: '3' }).finish()).stdout).toBe('\n');
});

test('several locks are held under one lease, all or none, and released together', async () => {
  const { leaseId } = await bob.acquire('all/2', { ttlSeconds: 600 });
  const refused = await lockRun(['all/1,all/2'], ['echo', 'ran']).finish();
  expect(refused).toMatchObject({ code: EXIT.notAcquired, stdout: '' });
  expect(refused.stderr).toMatch(/^octostore: The lock "all\/2" is held by bob \(until /);
  expect(await statusesOf('all/1')).toEqual(['available']);

  const run = lockRun(
    ['all/1,all/2', '--wait', '10m', '--ttl', '3s'],
    ['sh', '-c', 'echo "$OCTOSTORE_LOCK"; sleep 4; echo "group $$"; exec sleep 300'],
  );
  await expect.poll(async () => (await bob.queue('all/2')).waiters, SOON).toBe(1);
  expect(run.stdout).toBe('');
  await bob.release('all/2', leaseId);
  await groupOf(run);
  expect(run.stdout).toMatch(/^all\/1,all\/2\n/);
  const [first, second] = await Promise.all(['all/1', 'all/2'].map((name) => bob.lockStatus(name)));
  expect(first?.fencingToken).toBe(second?.fencingToken);
  run.signal('SIGTERM');
  expect((await run.finish()).code).toBe(EXIT.signal + 15);
  expect(await statusesOf('all/1', 'all/2')).toEqual(['available', 'available']);
});

test('a command under several locks ends before any of them can be granted to someone else', async () => {
  const rig = await Rig.start(server.url);
  const { run, group } = await rig.run('lost/1,lost/2', COMPLIANT);
  rig.proxy.faults.add({ on: 'any', times: 'always', piece: 1, cut: 'before', hang: false });
  await bob.acquire('lost/2', { ttlSeconds: 60, waitSeconds: 60 });
  expect(livingMembers(group)).toEqual([]);
  expect(await run.finish()).toMatchObject({
    code: EXIT.lost,
    stderr:
      'octostore: the lease of lost/1, lost/2 is lost: it could not be renewed in time. sh was stopped.\n',
  });
});

test.each([
  [['a', 'b'], /names with commas: octostore lock run a,b -- COMMAND/],
  [['a,'], /components/],
  [['a,a'], /"a" twice/],
  [['a', '--shared', '--limit', '2'], /--shared/],
  [['a', '--permits', '2'], /--permits needs --limit/],
  [['a', '--limit', 'x'], /whole number/],
])('%j is a usage error', async (options, message) => {
  const { code, stdout, stderr } = await lockRun(options, ['echo', 'ran']).finish();
  expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
  expect(stderr).toMatch(/^octostore: [^\n]+\n$/);
  expect(stderr).toMatch(message);
});
