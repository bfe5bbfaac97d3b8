import { execFile } from 'node:child_process';
import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { MAIN, SOON, type Finished } from '../support/process.js';
import { ALICE, BOB, startServer, type TestServer } from '../support/server.js';
import { octostore } from './cli-rig.js';

let server: TestServer;
let alice: OctoStoreClient;
let bob: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  alice = new OctoStoreClient({ baseUrl: server.url, token: ALICE });
  bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

function run(line: string, settings: Record<string, string | undefined> = {}): Promise<Finished> {
  return octostore(line.split(' '), server.url, settings).finish();
}

async function json(line: string): Promise<Record<string, unknown>> {
  const { stdout, stderr, code } = await run(`${line} --json`);
  expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' });
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  return JSON.parse(stdout) as Record<string, unknown>;
}

test('a lock can be acquired, read, renewed and released', async () => {
  const lease = await json('lock acquire a/b --ttl 1m --metadata note');
  expect(lease).toMatchObject({ status: 'acquired', name: 'a/b', holder: 'alice', metadata: 'note' });
  expect(await json('lock status a/b')).toMatchObject({ status: 'held', lease_id: lease['lease_id'] });
  expect(await json('lock list --prefix a/ --mine')).toMatchObject({ locks: [{ name: 'a/b' }] });
  expect(await json(`lock renew a/b --lease-id ${String(lease['lease_id'])} --ttl 2m`)).toMatchObject({
    fencing_token: lease['fencing_token'],
  });
  const released = await run('lock release a/b', { OCTOSTORE_LEASE_ID: String(lease['lease_id']) });
  expect(released).toMatchObject({ code: 0, stdout: 'released a/b\n', stderr: '' });
  expect(await json('lock list')).toEqual({ locks: [] });
  const late = await run(`lock renew a/b --lease-id ${String(lease['lease_id'])}`);
  expect(late).toMatchObject({ code: EXIT.lost, stdout: '' });
});

test('a proof is shown if it is asked for', async () => {
  const { proof, lease_id } = await json('lock acquire proven --proof');
  expect(proof).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  const lease = `--lease-id ${String(lease_id)}`;
  expect(await json(`lock renew proven ${lease}`)).not.toHaveProperty('proof');
  expect((await run(`lock renew proven ${lease} --proof`)).stdout).toMatch(/^proof {2,}[\w.-]+$/m);
  await run(`lock release proven ${lease}`);
});

test('shared and counted locks are acquired, and shown with all their holders', async () => {
  await bob.acquire('modes/shared', { mode: 'shared', ttlSeconds: 600 });
  expect(await json('lock acquire modes/shared --shared')).toMatchObject({ mode: 'shared' });
  expect(await json('lock acquire modes/pool --limit 4 --permits 2')).toMatchObject({ slots: [0, 1] });
  await bob.acquire('modes/pool', { limit: 4, ttlSeconds: 600 });
  const mismatch = await run('lock acquire modes/pool --limit 5 --json');
  expect(mismatch.code).toBe(EXIT.notAcquired);
  expect(mismatch.stderr).toMatch(/^octostore: modes\/pool is in use with a limit of 4\. [^\n]+\n$/);
  expect(JSON.parse(mismatch.stdout)).toMatchObject({ error: { code: 'limit_mismatch', limit: 4 } });

  const pool = (await run('lock status modes/pool')).stdout;
  expect(pool).toMatch(/^permits {2,}3 of 4$/m);
  expect(pool).toMatch(/^holders {2,}2$/m);
  expect(pool).toMatch(/^alice {2,}0,1 /m);
  expect(pool).toMatch(/^bob {2,}2 .* - {2,}-$/m);
  const { stdout } = await run('lock list --prefix modes/');
  expect(stdout).toMatch(/^modes\/pool {2,}counted, slots 0,1 of 4 {2,}alice /m);
  expect(stdout).toMatch(/^modes\/pool {2,}counted, slot 2 of 4 {2,}bob /m);
  expect(stdout.match(/^modes\/shared {2,}shared /gm)).toHaveLength(2);
});

test('a lease of several locks can be renewed and released by the name of any', async () => {
  const { leaseId } = await alice.acquireAll([{ name: 'whole/1' }, { name: 'whole/2' }]);
  const { stdout } = await run(`lock renew whole/2 --lease-id ${leaseId} --ttl 5m`);
  expect(stdout).toMatch(/^all locks {2,}whole\/1, whole\/2$/m);
  await run(`lock release whole/1 --lease-id ${leaseId}`);
  expect((await bob.lockStatus('whole/2')).status).toBe('available');
});

test('the history of a lock is shown', async () => {
  expect((await run('lock history past')).stdout).toBe('no lease of past is known\n');
  for (const metadata of ['one', 'two']) {
    const { leaseId } = await bob.acquire('past', { ttlSeconds: 600, metadata });
    await bob.release('past', leaseId);
  }
  const { stdout } = await run('lock history past');
  expect(stdout).toMatch(/^ACQUIRED {2,}ENDED {2,}FENCING TOKEN {2,}WHAT HAPPENED\n/);
  expect(stdout).toMatch(/^\S+Z {2,}\S+Z {2,}\d+ {2,}bob held it for .+, and released it\. \(one\)$/m);
  expect(await json('lock history past --limit 1')).toMatchObject({
    name: 'past',
    leases: [{ holder: 'bob', metadata: 'two', how: 'released', renewals: 0 }],
  });
});

test('a lock is explained', async () => {
  const { leaseId } = await bob.acquire('why', { ttlSeconds: 600, metadata: 'earlier' });
  await bob.release('why', leaseId);
  await bob.acquire('why', { ttlSeconds: 600, metadata: 'now' });
  const stop = new AbortController();
  const waiting = bob.hold('why', { waitSeconds: 600, signal: stop.signal }).catch(() => null);
  await expect.poll(async () => (await bob.queue('why')).waiters, SOON).toBe(1);
  const { stdout } = await run('lock explain why');
  expect(stdout).toMatch(/^why: bob has held it for .+\. One request is waiting\.$/m);
  expect(stdout).toMatch(/^ {2}bob has held it for .+\. \(token \d+, now\)$/m);
  expect(stdout).toMatch(/^1 {2,}bob {2,}\S+Z {2,}waits for bob {2,}-$/m);
  expect(stdout).toMatch(/^ {2}bob held it for .+, and released it\. \(token \d+, earlier\)$/m);
  expect(await json('lock explain why')).toMatchObject({
    status: 'held',
    holders: [{ metadata: 'now' }],
    line: [{ reason: 'held', expected_in_ms: null }],
    typical_hold: { count: 1 },
  });
  stop.abort();
  await waiting;
});

test('the longest lines are shown', async () => {
  await bob.acquire('busy', { ttlSeconds: 600 });
  const stop = new AbortController();
  const waiting = bob.hold('busy', { waitSeconds: 600, signal: stop.signal }).catch(() => null);
  await expect.poll(async () => (await bob.queue('busy')).waiters, SOON).toBe(1);
  const { stdout } = await run('top --prefix busy');
  expect(stdout).toMatch(/^Requests wait for one lock\.\n\nLOCK {2,}WAITING {2,}SINCE {2,}WHY\n/);
  expect(stdout).toMatch(/^busy {2,}1 {2,}\S+Z {2,}bob has held it for .+\. One request is waiting\.$/m);
  expect(await json('top --prefix busy --limit 1')).toMatchObject({
    total: 1,
    queues: [{ name: 'busy', waiters: 1 }],
  });
  expect((await run('top --prefix busy/none')).stdout).toBe('No one is waiting for any lock.\n');
  stop.abort();
  await waiting;
});

test('the line of a lock is shown, and a client behind others learns that it is kept for them', async () => {
  await bob.acquire('line', { mode: 'shared', ttlSeconds: 600 });
  expect((await run('lock queue line')).stdout).toMatch(/^lock {2,}line\nwaiters {2,}0\nplaces {2,}0\n$/);
  const stop = new AbortController();
  const waiting = bob.hold('line', { waitSeconds: 600, signal: stop.signal }).catch(() => null);
  await expect.poll(async () => (await bob.queue('line')).waiters, SOON).toBe(1);
  expect(await json('lock queue line')).toMatchObject({
    waiters: 1,
    queue: [{ position: 1, holder: 'bob', mode: 'exclusive', asking: true, lease_id: null }],
  });
  expect((await run('lock queue line')).stdout).toMatch(/^1 {2,}exclusive {2,}bob {2,}\S+Z {2,}yes {2,}-$/m);
  const refused = await run('lock acquire line --shared');
  expect(refused.code).toBe(EXIT.notAcquired);
  expect(refused.stderr).toMatch(
    /^octostore: line is kept until \S+Z for clients that asked for it earlier\. /,
  );
  stop.abort();
  await waiting;
});

test('the output for people has aligned lines, and escapes control characters from other users', async () => {
  await bob.acquire('people', { ttlSeconds: 60, metadata: 'red \u001b[31m and \u202e back' });
  const { stdout } = await run('lock status people');
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^lock {2,}people$/);
  expect(lines.map((line) => /^[a-z ]+? {2,}/.exec(line)?.[0].length)).toEqual(lines.map(() => 15));
  expect(stdout).toContain('red \\u{1b}[31m and \\u{202e} back');
});

test('a failure is one sentence and an exit code, and also JSON with --json', async () => {
  const { expiresAt } = await bob.acquire('held', { ttlSeconds: 600 });
  const { code, stdout, stderr } = await run('lock acquire held --json');
  expect({ code, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: EXIT.notAcquired, lines: 1 });
  const { error } = JSON.parse(stdout) as { error: Record<string, unknown> };
  expect(error).toMatchObject({
    type: 'held',
    code: 'lock_held',
    status: 409,
    holder: 'bob',
    expires_at: expiresAt.toISOString(),
    exit_code: EXIT.notAcquired,
  });
  expect(stderr).toContain(`(request ${String(error['request_id'])})`);
});

test('usage errors, missing objects, unreachable servers and refused tokens have their own exit codes', async () => {
  const unknown = crypto.randomUUID();
  const runs = [
    ['lock acquire not//valid', EXIT.usage],
    ['lock acquire a --ttl 2h', EXIT.usage],
    ['lock release a', EXIT.usage],
    ['lock watch', EXIT.usage],
    ['lock acquire a --shared --limit 2', EXIT.usage],
    ['lock acquire a --limit 0', EXIT.usage],
    ['lock acquire a --permits 2', EXIT.usage],
    ['lock acquire a --limit 2 --permits 3', EXIT.usage],
    ['webhook create http://127.0.0.1/', EXIT.usage],
    [`session status ${unknown}`, EXIT.notFound],
    [`session keepalive ${unknown}`, EXIT.lost],
    ['lock list --url http://127.0.0.1:9', EXIT.unreachable],
  ] as const;
  const expectFailure = async ([line, expected]: readonly [string, number]) => {
    const { code, stdout, stderr } = await run(line);
    expect({ line, code, stdout }).toEqual({ line, code: expected, stdout: '' });
    expect(stderr, line).toMatch(/^octostore: [^\n]+\n$/);
  };
  await Promise.all(runs.map(expectFailure));
  expect(await run('lock list', { OCTOSTORE_TOKEN: 'octo_mistyped' })).toMatchObject({
    code: EXIT.notPermitted,
    stderr: expect.not.stringContaining('octo_mistyped'),
  });
});

test('sessions and webhooks can be created, read and ended', async () => {
  const { session_id } = await json('session create --ttl 30s');
  await json(`lock acquire node --session ${String(session_id)}`);
  await json(`session keepalive ${String(session_id)}`);
  expect(await json(`session status ${String(session_id)}`)).toMatchObject({ active: true, lock_count: 1 });
  expect(await json(`session end ${String(session_id)}`)).toMatchObject({ status: 'ended' });

  const { id, events } = await json(
    'webhook create https://example.com/ --events acquired,broken --lock-pattern unused',
  );
  expect(events).toEqual(['acquired', 'broken']);
  expect(await json('webhook list')).toMatchObject({
    webhooks: [
      { id, url: 'https://example.com/', ordering: 'in_order', status: 'active', suspended_by: null },
    ],
  });
  expect(await json(`webhook deliveries ${String(id)}`)).toEqual({ deliveries: [], next_before: null });
  expect(await json(`webhook delete ${String(id)}`)).toMatchObject({ status: 'deleted' });
  const unordered = await json('webhook create https://host.invalid/ --ordering none');
  expect(unordered).toMatchObject({ ordering: 'none' });
  const test = await json(`webhook test ${String(unordered['id'])}`);
  expect(test).toMatchObject({ delivered: false, status: null, error: expect.any(String) });
  const skip = await run(`webhook skip ${String(unordered['id'])} ${crypto.randomUUID()}`);
  expect(skip.code).toBe(EXIT.notFound);
});

test('`session run` gives the command a session that ends with it', async () => {
  const script = `"$0" "$1" lock acquire in-session --session "$OCTOSTORE_SESSION_ID"; exit 4`;
  const command = [
    'session',
    'run',
    '--pass-token',
    '--ttl',
    '30s',
    '--',
    'sh',
    '-c',
    script,
    process.execPath,
    MAIN,
  ];
  const { code, stderr } = await octostore(command, server.url).finish();
  expect({ code, stderr }).toEqual({ code: 4, stderr: '' });
  expect((await bob.lockStatus('in-session')).status).toBe('available');
});

test('health works without a token', async () => {
  const { code, stdout } = await run('health --json', { OCTOSTORE_TOKEN: undefined });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ service: 'OctoStore', status: 'ready' });
});

test('a watch prints a line for each event, and ends silently when its reader exits', async () => {
  const script = `"$0" "$1" lock watch --prefix seen --json | head -n 3; echo "code \${PIPESTATUS[0]}"`;
  const watching = new Promise<{ stdout: string; stderr: string }>((resolve) => {
    const env = { PATH: process.env['PATH'], OCTOSTORE_BASE_URL: server.url, OCTOSTORE_TOKEN: ALICE };
    execFile('bash', ['--norc', '-c', script, process.execPath, MAIN], { env }, (_error, stdout, stderr) =>
      resolve({ stdout, stderr }),
    );
  });
  const over = new AbortController();
  const busy = (async () => {
    while (!over.signal.aborted) await bob.withLock('seen', { ttlSeconds: 60 }, () => undefined);
  })();
  const { stdout, stderr } = await watching;
  over.abort();
  await busy;
  const lines = stdout.trimEnd().split('\n');
  expect({ stderr, last: lines.pop() }).toEqual({ stderr: '', last: 'code 0' });
  const updates = lines.map((line) => JSON.parse(line) as { type: string; data: Record<string, unknown> });
  expect(updates[0]).toMatchObject({ type: 'state' });
  expect(updates[1]?.data).toMatchObject({ lock: 'seen', sequence: expect.any(Number) });
});
