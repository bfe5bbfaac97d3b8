import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import type { Finished } from '../support/process.js';
import { ADMIN_KEY, ALICE, BOB, startServer, type TestServer } from '../support/server.js';
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

function run(line: string, settings: Record<string, string> = {}): Promise<Finished> {
  return octostore(line.split(' '), server.url, settings).finish();
}

/** Runs a command with the admin key. */
function runAsAdministrator(line: string): Promise<Finished> {
  return run(line, { OCTOSTORE_TOKEN: ADMIN_KEY });
}

test('a lock is shared, and held alone again once no one else shares it', async () => {
  const { leaseId, fencingToken } = await alice.acquire('convert', { ttlSeconds: 600 });
  const convert = `lock convert convert --lease-id ${leaseId} --mode`;
  const shared = JSON.parse((await run(`${convert} shared --json`)).stdout) as object;
  expect(shared).toMatchObject({ mode: 'shared', fencing_token: fencingToken });
  const other = await bob.hold('convert', { mode: 'shared', ttlSeconds: 600 });
  const refused = await run(`${convert} exclusive`);
  expect(refused).toMatchObject({ code: EXIT.notAcquired, stdout: '' });
  expect(refused.stderr).toMatch(/^octostore: bob holds convert too, until \S+Z, .* You still share it\. /);
  await other.release();
  expect((await run(`${convert} exclusive`)).stdout).toMatch(/^mode {2,}exclusive$/m);
  await alice.release('convert', leaseId);
  expect((await run(`${convert} shared`)).code).toBe(EXIT.lost);
  expect((await run(`${convert} counted`)).code).toBe(EXIT.usage);
});

test('a delayed lock is shown, and refused, with the time at which it is available', async () => {
  await run('lock acquire delayed --ttl 1h --lock-delay 60s --min-hold 1h --lease-id ' + crypto.randomUUID());
  await runAsAdministrator('lock break delayed --reason test');
  const { stdout } = await run('lock status delayed');
  const [, until = ''] = /^status {2,}delayed\navailable at {2,}(\S+Z)$/m.exec(stdout) ?? [];
  expect(JSON.parse((await run('lock status delayed --json')).stdout)).toMatchObject({
    status: 'delayed',
    available_at: until,
  });
  const refused = await run('lock acquire delayed --json');
  expect(refused.code).toBe(EXIT.notAcquired);
  expect(refused.stderr).toContain(`octostore: delayed is kept from everyone until ${until}, `);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'lock_delayed', holder: null } });
  const ended = await runAsAdministrator('lock break delayed --reason test');
  expect(ended).toMatchObject({ code: 0, stdout: 'ended the delay of delayed\n', stderr: '' });
  expect((await alice.lockStatus('delayed')).status).toBe('available');
});

test('an administrator breaks a lock, and its holder learns who did it, and why', async () => {
  const { leaseId, fencingToken } = await alice.acquire('broken', { mode: 'shared', ttlSeconds: 600 });
  const other = await bob.acquire('broken', { mode: 'shared', ttlSeconds: 600 });
  const refused = await run('lock break broken --reason mine');
  expect(refused).toMatchObject({ code: EXIT.notPermitted, stdout: '' });
  expect((await run('lock break broken')).code).toBe(EXIT.usage);
  const one = await runAsAdministrator(`lock break broken --reason hangs --token ${fencingToken}`);
  expect(one).toMatchObject({
    code: 0,
    stdout: `broke 1 lease of broken, fencing token ${fencingToken}\n`,
    stderr: '',
  });
  const renewal = await run(`lock renew broken --lease-id ${leaseId} --json`);
  expect(renewal.code).toBe(EXIT.lost);
  expect(renewal.stderr).toMatch(
    /^octostore: The lease of broken has ended: an administrator broke it \("hangs"\)\. Stop the work /,
  );
  expect(JSON.parse(renewal.stdout)).toMatchObject({
    error: { code: 'lease_broken', reason: 'hangs', broken_by: 'administrator', exit_code: EXIT.lost },
  });
  expect((await run(`lock acquire broken --lease-id ${leaseId} --shared`)).code).toBe(EXIT.lost);
  const rest = await runAsAdministrator('lock break broken --reason hangs --json');
  expect(JSON.parse(rest.stdout)).toEqual({
    status: 'broken',
    name: 'broken',
    lease_count: 1,
    fencing_tokens: [other.fencingToken],
    ended_delay: false,
  });
  expect((await runAsAdministrator('lock break broken --reason hangs')).code).toBe(EXIT.notFound);
});

test('the release of a lock is requested, unless no one holds it', async () => {
  const { leaseId } = await bob.acquire('asked', { ttlSeconds: 600 });
  const asked = await run('lock request-release asked --message please');
  expect(asked).toMatchObject({ code: 0, stdout: 'asked for the release of asked\n', stderr: '' });
  expect((await bob.renew('asked', leaseId, 600)).releaseRequested).toMatchObject({
    by: 'alice',
    message: 'please',
  });
  const mine = await alice.acquire('mine', { ttlSeconds: 600 });
  await bob.requestRelease('mine', { message: 'please' });
  const renewal = await run(`lock renew mine --lease-id ${mine.leaseId}`);
  expect(renewal.stdout).toMatch(/^release requested {2,}by bob: please$/m);
  expect((await run('lock request-release free')).code).toBe(EXIT.notFound);
});

test('a watch shows breaks and requests for a release if it is told to', async () => {
  const watch = octostore(['lock', 'watch', 'seen', '--events', '*,broken,release_requested'], server.url);
  await watch.printed(/^available seen$/m);
  await alice.acquire('seen', { ttlSeconds: 600 });
  await bob.requestRelease('seen', { message: 'now' });
  await runAsAdministrator('lock break seen --reason hangs');
  await watch.printed(
    /Z acquired seen by alice, .*Z release_requested seen by bob, fencing token \d+: now$/ms,
  );
  await watch.printed(/Z broken seen by administrator, fencing token \d+: hangs$/m);
  expect((await run('lock watch seen --events ended')).code).toBe(EXIT.usage);
});
