import { randomUUID } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Client } from '../../../lab/kit/http/client.js';
import { ALICE, BOB, SOON, type Installation, type ServerProcess } from '../../support/process.js';
import { changedUrl, postgresInstallation } from './installation.js';

/** Longer than a take-over from a server that was killed. */
const TAKE_OVER_MS = 30_000;

async function acquire({ url }: ServerProcess, name: string): Promise<Record<string, unknown>> {
  const { status, body } = await new Client(url, ALICE).post(`/locks/${name}/acquire`, { ttl_seconds: 600 });
  expect(status).toBe(200);
  return body;
}

test('a server keeps its leases in the database, and nothing on disk', async () => {
  const { installation, url } = await postgresInstallation({ LOG_LEVEL: 'trace' });
  const first = await installation.start();
  const lease = await acquire(first, 'deploy');
  expect((await new Client(first.url, null).get('/status')).body).toMatchObject({ database: 'postgres' });
  expect(await first.kill('SIGTERM')).toMatchObject({ code: 0 });

  const second = await installation.start();
  expect(await acquire(second, 'deploy')).toMatchObject({
    lease_id: lease['lease_id'],
    fencing_token: lease['fencing_token'],
  });
  expect((await acquire(second, 'other'))['fencing_token']).toBeGreaterThan(Number(lease['fencing_token']));
  expect(await second.kill('SIGTERM')).toMatchObject({ code: 0 });
  expect(readdirSync(installation.folder)).toEqual([]);

  const { password } = new URL(url);
  for (const { program } of [first, second]) {
    expect(program.stdout).toMatch(/"engine":"postgres","database":"postgres:\/\//);
    if (password !== '') expect(program.output).not.toContain(password);
  }
});

test('the password can come from a file', async () => {
  const { installation, url } = await postgresInstallation();
  writeFileSync(installation.path('password'), `${decodeURIComponent(new URL(url).password) || 'unused'}\n`);
  const server = await installation.start({
    DATABASE_URL: changedUrl(url, 'password', ''),
    DATABASE_PASSWORD_FILE: 'password',
  });
  expect(await acquire(server, 'deploy')).toMatchObject({ status: 'acquired' });
});

test('a database that does not exist ends the start, and the error says what to do', async () => {
  const { installation, url } = await postgresInstallation();
  const { code, stderr } = await installation.run([], {
    DATABASE_URL: changedUrl(url, 'pathname', '/nonexistent'),
  });
  expect(code).toBe(78);
  expect(stderr).toMatch(
    /^octostore: There is no such database .* Create it with createdb, or correct DATABASE_URL\.\n$/,
  );
});

/** A second server, which forwards to the first one. */
async function standby(installation: Installation, first: ServerProcess): Promise<ServerProcess> {
  const second = await installation.start();
  const [line] = await second.program.printed(/\{.*Another server leads on this database.*\}\n/);
  expect(JSON.parse(line)).toMatchObject({ leader: first.url });
  return second;
}

async function readDeploy({ url }: ServerProcess): Promise<Record<string, unknown>> {
  return (await new Client(url, ALICE).get('/locks/deploy')).body;
}

test('a second server says who leads, and takes over when the first one stops', async () => {
  const { installation } = await postgresInstallation();
  const first = await installation.start();
  const lease = await acquire(first, 'deploy');
  const second = await standby(installation, first);
  expect(await first.kill('SIGTERM')).toMatchObject({ code: 0 });
  await second.program.printed(/This server leads/, TAKE_OVER_MS);
  expect(await readDeploy(second)).toMatchObject({ fencing_token: lease['fencing_token'] });
});

test('a second server takes over when the first one was killed', async () => {
  const { installation } = await postgresInstallation();
  const first = await installation.start();
  const lease = await acquire(first, 'deploy');
  const second = await standby(installation, first);
  await first.kill('SIGKILL');
  await second.program.printed(/This server leads/, TAKE_OVER_MS);
  expect(await readDeploy(second)).toMatchObject({ fencing_token: lease['fencing_token'] });
});

test('a server that lost its term while it was frozen stands by again, and can lead again', async () => {
  const { installation } = await postgresInstallation();
  const frozen = await installation.start();
  const lease = await acquire(frozen, 'deploy');
  const second = await standby(installation, frozen);
  frozen.program.signal('SIGSTOP');
  await second.program.printed(/This server leads/, TAKE_OVER_MS);
  frozen.program.signal('SIGCONT');
  await frozen.program.printed(/stands by again/);
  expect(await second.kill('SIGTERM')).toMatchObject({ code: 0 });
  await frozen.program.printed(/This server leads[^]*This server leads/, TAKE_OVER_MS);
  expect(await readDeploy(frozen)).toMatchObject({ fencing_token: lease['fencing_token'] });
});

test('a server that lost its term while it was frozen forwards to the next leader', async () => {
  const { installation } = await postgresInstallation();
  const frozen = await installation.start();
  const lease = await acquire(frozen, 'deploy');
  const second = await standby(installation, frozen);
  frozen.program.signal('SIGSTOP');
  await second.program.printed(/This server leads/, TAKE_OVER_MS);
  expect(await readDeploy(second)).toMatchObject({ fencing_token: lease['fencing_token'] });
  frozen.program.signal('SIGCONT');
  await frozen.program.printed(/stands by again/);
  expect(await readDeploy(frozen)).toMatchObject({ fencing_token: lease['fencing_token'] });
});

test('a signal ends a server that stands by', async () => {
  const { installation } = await postgresInstallation();
  const first = await installation.start();
  const second = await standby(installation, first);
  expect(await second.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  await acquire(first, 'deploy');
});

test('a waiter at a standby that is told to stop is answered at once, and gets the lock elsewhere', async () => {
  const { installation } = await postgresInstallation();
  const first = await installation.start();
  const second = await standby(installation, first);
  const lease = await acquire(first, 'deploy');
  const wait = { lease_id: randomUUID(), ttl_seconds: 60, wait_seconds: 60 };
  const waiting = new Client(second.url, BOB).post('/locks/deploy/acquire', wait);
  await expect.poll(async () => (await readDeploy(first))['waiters'], SOON).toBe(1);
  const exited = second.kill('SIGTERM');
  expect(await waiting).toMatchObject({ status: 503, body: { code: 'outcome_unknown' } });
  expect(await exited).toMatchObject({ code: 0 });
  const again = first.bob.post('/locks/deploy/acquire', wait);
  await expect.poll(async () => (await readDeploy(first))['waiters'], SOON).toBe(1);
  await first.alice.post('/locks/deploy/release', { lease_id: lease['lease_id'] });
  expect(await again).toMatchObject({ status: 200 });
});

test('a first start without a terminal creates no token, and says how to create one', async () => {
  const { installation } = await postgresInstallation({ STATIC_TOKENS: undefined });
  const server = await installation.start();
  await expect.poll(() => server.program.stdout, SOON).toContain('octostore token create USER');
  expect(server.program.output).not.toMatch(/octo_[0-9A-Za-z]{38}/);
  const { stdout } = await installation.run(['token', 'list']);
  expect(stdout).toBe('There are no valid tokens.\n');
  const { stdout: token } = await installation.run(['token', 'create', 'ada']);
  expect((await new Client(server.url, token.trim()).get('/locks')).status).toBe(200);
});
