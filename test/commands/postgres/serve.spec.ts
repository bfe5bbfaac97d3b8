import { readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Client } from '../../../lab/kit/http/client.js';
import { ALICE, SOON, type ServerProcess } from '../../support/process.js';
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

test('a second server waits, says so, and takes over when the first one stops', async () => {
  const { installation } = await postgresInstallation();
  const first = await installation.start();
  const lease = await acquire(first, 'deploy');
  const waiting = installation.launch();
  const [line] = await waiting.printed(/\{.*Another server leads on this database.*\}\n/);
  expect(JSON.parse(line)).toMatchObject({ leader: first.url });
  expect(await first.kill('SIGTERM')).toMatchObject({ code: 0 });
  const [, url = ''] = await waiting.printed(/"url":"([^"]+)"/, TAKE_OVER_MS);
  const { body } = await new Client(url, ALICE).get('/locks/deploy');
  expect(body).toMatchObject({ fencing_token: lease['fencing_token'] });
});

test('a second server takes over when the first one was killed', async () => {
  const { installation } = await postgresInstallation();
  const first = await installation.start();
  const lease = await acquire(first, 'deploy');
  const waiting = installation.launch();
  await waiting.printed(/Another server leads on this database/);
  await first.kill('SIGKILL');
  const [, url = ''] = await waiting.printed(/"url":"([^"]+)"/, TAKE_OVER_MS);
  const { body } = await new Client(url, ALICE).get('/locks/deploy');
  expect(body).toMatchObject({ fencing_token: lease['fencing_token'] });
});

test('a server that lost its term while it was frozen exits with 70, so that its supervisor starts it again', async () => {
  const { installation } = await postgresInstallation();
  const frozen = await installation.start();
  const waiting = installation.launch();
  await waiting.printed(/Another server leads on this database/);
  frozen.program.signal('SIGSTOP');
  await waiting.printed(/OctoStore is ready/, TAKE_OVER_MS);
  frozen.program.signal('SIGCONT');
  expect(await frozen.program.finish()).toMatchObject({ code: 70 });
  expect(frozen.program.stdout).toContain('Another server leads on this database now');
});

test('a signal ends a server at once that waits for its turn', async () => {
  const { installation } = await postgresInstallation();
  const first = await installation.start();
  const waiting = installation.launch();
  await waiting.printed(/Another server leads on this database/);
  expect(await waiting.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  await acquire(first, 'deploy');
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
