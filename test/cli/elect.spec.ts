import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { SOON } from '../support/process.js';
import { BOB, startServer, type TestServer } from '../support/server.js';
import { groupOf, livingMembers, COMPLIANT, octostore, Rig } from './cli-rig.js';

let server: TestServer;
let bob: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

function elect(name: string, command: readonly string[], url = server.url) {
  return octostore(['elect', name, '--ttl', '3s', '--', ...command], url);
}

test('elect leads when its turn comes, and resigns with the exit code of its command', async () => {
  const { leaseId } = await bob.acquire('turn', { ttlSeconds: 600 });
  const run = elect('turn', ['sh', '-c', 'echo "leads with $OCTOSTORE_FENCING_TOKEN"; exit 6']);
  await expect.poll(async () => (await bob.lockStatus('turn')).waiters, SOON).toBe(1);
  expect(run.stdout).toBe('');
  await bob.release('turn', leaseId);
  const { code, stdout, stderr } = await run.finish();
  expect({ code, stderr }).toEqual({ code: 6, stderr: '' });
  expect(stdout).toMatch(/^leads with \d+\n$/);
  expect((await bob.lockStatus('turn')).status).toBe('available');
});

test('losing leadership stops the command, and the campaign starts again', async () => {
  const rig = await Rig.start(server.url);
  const run = elect('again', COMPLIANT, rig.proxy.url);
  const first = await groupOf(run);
  rig.proxy.faults.add({ on: 'any', times: 'always', piece: 1, cut: 'before', hang: false });
  const { leaseId } = await bob.acquire('again', { ttlSeconds: 600, waitSeconds: 60 });
  expect(livingMembers(first)).toEqual([]);
  rig.proxy.faults.clear();
  await expect.poll(async () => (await bob.lockStatus('again')).waiters, SOON).toBe(1);
  await bob.release('again', leaseId);
  await expect.poll(() => run.stdout.match(/group/g)?.length, SOON).toBe(2);
  run.signal('SIGTERM');
  expect((await run.finish()).code).toBe(EXIT.signal + 15);
  expect(run.stderr).toMatch(/^octostore: the lock again is lost: [^\n]+ sh was stopped\.\n$/);
  expect((await bob.lockStatus('again')).status).toBe('available');
});

test('a signal ends the campaign, and so does an invalid token', async () => {
  await bob.acquire('never', { ttlSeconds: 600 });
  const run = elect('never', ['true']);
  await expect.poll(async () => (await bob.lockStatus('never')).waiters, SOON).toBe(1);
  run.signal('SIGINT');
  expect(await run.finish()).toMatchObject({ code: EXIT.signal + 2, stdout: '', stderr: '' });
  const refused = octostore(['elect', 'a', '--', 'true'], server.url, { OCTOSTORE_TOKEN: 'wrong' });
  expect((await refused.finish()).code).toBe(EXIT.notPermitted);
});
