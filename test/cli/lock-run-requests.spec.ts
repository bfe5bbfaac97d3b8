import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { SOON } from '../support/process.js';
import { ADMIN_KEY, BOB, startServer, type TestServer } from '../support/server.js';
import { COMPLIANT, groupOf, livingMembers, octostore } from './cli-rig.js';

let server: TestServer;
let bob: OctoStoreClient;
let administrator: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
  administrator = new OctoStoreClient({ baseUrl: server.url, token: ADMIN_KEY });
});

afterAll(() => server.close());

function lockRun(options: readonly string[], command: readonly string[] = COMPLIANT) {
  return octostore(['lock', 'run', ...options, '--', ...command], server.url);
}

/** A command that ends with 5 when it gets SIGUSR1. */
const NOTIFIED = [
  'sh',
  '-c',
  `trap 'echo told; exit 5' USR1; echo "group $$"; while true; do sleep 0.1; done`,
];

test('a command gets the signal when someone asks for its lock, and people read who', async () => {
  const run = lockRun(['told', '--ttl', '5s', '--notify-signal', 'USR1'], NOTIFIED);
  await groupOf(run);
  await bob.requestRelease('told', { message: 'deploying' });
  expect(await run.finish()).toMatchObject({
    code: 5,
    stdout: expect.stringMatching(/^group \d+\ntold\n$/),
    stderr: 'octostore: bob asks you to release the lock told: "deploying". sh gets SIGUSR1.\n',
  });
});

test('without the option, only people learn of the request', async () => {
  const run = lockRun(['quiet', '--ttl', '3s']);
  const group = await groupOf(run);
  await bob.requestRelease('quiet');
  await expect.poll(() => run.stderr, SOON).toBe('octostore: bob asks you to release the lock quiet.\n');
  expect(livingMembers(group)).toHaveLength(1);
  run.signal('SIGTERM');
  await run.finish();
});

test('a command whose lock is broken is stopped, and people read who did it, and why', async () => {
  const run = lockRun(['broken', '--ttl', '5s']);
  const group = await groupOf(run);
  await administrator.breakLock('broken', { reason: 'the crawler hangs' });
  expect(await run.finish()).toMatchObject({
    code: EXIT.lost,
    stderr:
      'octostore: the lock broken is lost: an administrator broke it ("the crawler hangs"). sh was stopped.\n',
  });
  expect(livingMembers(group)).toEqual([]);
});

test('a leader whose lock is broken campaigns again', async () => {
  const elect = octostore(['elect', 'office', '--ttl', '5s', '--', ...COMPLIANT], server.url);
  await groupOf(elect);
  await administrator.breakLock('office', { reason: 'test' });
  await elect.printed(/^group \d+\ngroup \d+$/m);
  elect.signal('SIGTERM');
  expect((await elect.finish()).stderr).toMatch(/^octostore: the lock office is lost: [^\n]+\n$/);
});

test('a lock is kept for a while after its command has ended', async () => {
  const run = lockRun(['delayed', '--ttl', '10m', '--min-hold', '10m'], ['true']);
  expect(await run.finish()).toMatchObject({ code: 0, stderr: '' });
  expect((await bob.lockStatus('delayed')).status).toBe('delayed');
});

test.each([
  [['--notify-signal', 'KILL'], /Give one of TERM, INT, HUP, QUIT, USR1, USR2, WINCH\./],
  [['--notify-signal', 'CONT'], /Give one of /],
  [['--lock-delay', '61s'], /from 0s to 60s/],
  [['--min-hold', '2h'], /from 0s to 3600s/],
  [['--min-hold', '31s', '--ttl', '30s'], /--min-hold is 31 s, but the TTL is only 30 s/],
  [['--lock-delay', '1s', '--shared'], /exclusive/],
])('%j is a usage error', async (options, message) => {
  const { code, stdout, stderr } = await lockRun(['wrong', ...options], ['echo', 'ran']).finish();
  expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
  expect(stderr).toMatch(/^octostore: [^\n]+\n$/);
  expect(stderr).toMatch(message);
});
