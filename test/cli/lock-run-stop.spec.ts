import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { signalGroup } from '../../src/cli/client/run/process-group.js';
import { nowMs, pause } from '../../src/process/time.js';
import { SOON, type Program } from '../support/process.js';
import { ALICE, startServer, type TestServer } from '../support/server.js';
import { FakeServer } from './fake-server.js';
import {
  expectGone,
  groupOf,
  guardianOf,
  livingMembers,
  COMPLIANT,
  octostore,
  Rig,
  STUBBORN,
} from './cli-rig.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

/** With a wait, since an acquire without one allows the busy process of the tests only a part of the TTL to answer. */
function runSlow(ttl: string, { url }: FakeServer): Program {
  return octostore(['lock', 'run', 'slow', '--wait', '1m', '--ttl', ttl, '--', ...STUBBORN], url);
}

/** Waits until a group has no living process. Returns a time at which it still had one, however late the test itself is. */
async function lastSeenAliveMs(group: number): Promise<number> {
  let seenMs = -Infinity;
  const look = (): boolean => {
    const atMs = nowMs();
    const isAlive = livingMembers(group).length > 0;
    if (isAlive) seenMs = atMs;
    return isAlive;
  };
  await expect.poll(look, { ...SOON, interval: 20 }).toBe(false);
  return seenMs;
}

test('a lease that has ended on the server stops the command at once, and kills it half a second later', async () => {
  const command = `trap 'echo told' TERM; echo "group $$"; while :; do sleep 0.05; done`;
  const run = octostore(['lock', 'run', 'gone', '--ttl', '18s', '--', 'sh', '-c', command], server.url);
  const group = await groupOf(run);
  const alice = new OctoStoreClient({ baseUrl: server.url, token: ALICE });
  const { leaseId } = Object(await alice.lockStatus('gone')) as { leaseId: string };
  await alice.release('gone', leaseId);
  await run.printed(/^told$/m);
  // The next renewal, after a third of the TTL, notices it. The message shows that the deadline was not the cause.
  const stopAtMs = nowMs();
  const { code, stderr } = await run.finish();
  const tookMs = nowMs() - stopAtMs;
  expect(tookMs).toBeGreaterThan(300);
  // The deadline would have been more than 7 s after the renewal.
  expect(tookMs).toBeLessThan(7000);
  expect({ code, survivors: livingMembers(group) }).toEqual({ code: EXIT.lost, survivors: [] });
  expect(stderr).toContain('octostore: the lock gone is lost: it has ended on the server. sh was stopped.\n');
});

/** A command that prints the id of its process group, and that it was asked to stop. It goes on. */
const TOLD = ['sh', '-c', `trap 'echo told' TERM; echo "group $$"; while :; do sleep 0.05; done`];

/** Between two attempts to renew, no renewal is under way when the command is told to stop. */
const TRIES = 8;

/** Holds all renewals back until the command is told to stop. Returns whether one was under way then, and succeeded. */
async function renewsAfterSigterm(name: string): Promise<boolean> {
  const rig = await Rig.start(server.url);
  rig.proxy.faults.add({ on: 'renew', times: 'always', overtaken_by: 'health', hang: false, piece: 1 });
  const { run, group } = await rig.run(name, TOLD, '6s');
  await run.printed(/^told$/m);
  await fetch(`${rig.proxy.url}/health`);
  const { code, stderr } = await run.finish();
  expect({ code, survivors: livingMembers(group) }).toEqual({ code: EXIT.lost, survivors: [] });
  expect(stderr).toContain(
    `octostore: the lock ${name} is lost: it could not be renewed in time. sh was stopped.\n`,
  );
  expect(await rig.survivorsAtGrant(name, group)).toEqual([]);
  return rig.proxy.seen('renew').some(({ status }) => status === 200);
}

test('a renewal that succeeds after SIGTERM does not save the command', async () => {
  for (let attempt = 1; attempt <= TRIES; attempt += 1)
    if (await renewsAfterSigterm(`late-${attempt}`)) return;
  expect.unreachable(`no renewal was under way at SIGTERM in ${TRIES} runs`);
});

test('a child that outlives its group leader is killed before the lock is released', async () => {
  const rig = await Rig.start(server.url);
  const { run, group } = await rig.run('left', [
    'sh',
    '-c',
    `(trap '' TERM; exec sleep 300) & echo "group $$"; exit 3`,
  ]);
  expect(await rig.survivorsAtGrant('left', group)).toEqual([]);
  expect((await run.finish()).code).toBe(3);
});

test('when octostore is killed, its command is stopped and the lock released at once, not only at the end of the lease', async () => {
  const line = ['lock', 'run', 'killed', '--ttl', '10m', '--grace', '0.5s', '--', ...STUBBORN];
  const run = octostore(line, server.url);
  const group = await groupOf(run);
  await run.kill('SIGKILL');
  await expectGone(group);
  const alice = new OctoStoreClient({ baseUrl: server.url, token: ALICE });
  await expect.poll(async () => (await alice.lockStatus('killed')).status, SOON).toBe('available');
});

test('when the guardian is killed, the command is killed', async () => {
  const rig = await Rig.start(server.url);
  const { run, group } = await rig.run('orphaned', COMPLIANT);
  process.kill(guardianOf(group), 'SIGKILL');
  const { code, stderr } = await run.finish();
  expect({ code, survivors: livingMembers(group) }).toEqual({ code: EXIT.signal + 9, survivors: [] });
  expect(stderr).toBe(
    'octostore: The guardian process of sh was killed, so sh was killed too. Run it again.\n',
  );
  expect(await rig.survivorsAtGrant('orphaned', group)).toEqual([]);
});

test('the lease counts from when the renewal was sent, not from its answer', async () => {
  const fake = await FakeServer.start();
  const run = runSlow('3s', fake);
  const group = await groupOf(run);
  expect(await lastSeenAliveMs(group)).toBeLessThan(fake.leasedAtMs + 3000);
  expect((await run.finish()).code).toBe(EXIT.lost);
});

test('when the guardian is stopped, octostore kills the command before the lease ends', async () => {
  const fake = await FakeServer.start();
  const run = runSlow('9s', fake);
  const group = await groupOf(run);
  await expect.poll(() => fake.isRenewed, SOON).toBe(true);
  const guardian = guardianOf(group);
  // The answer to the renewal arrives 0.8 s after the request.
  await pause(1500);
  process.kill(guardian, 'SIGSTOP');
  onTestFinished(() => signalGroup(guardian, 'SIGKILL'));
  expect(await lastSeenAliveMs(group)).toBeLessThan(fake.leasedAtMs + 9000);
  const { code, stderr } = await run.finish();
  expect(code).toBe(EXIT.lost);
  expect(stderr).toContain('the lock slow is lost: it could not be renewed in time. sh was stopped.');
});
