import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Client } from '../../../lab/kit/http/client.js';
import { ALICE, Installation, type ServerProcess } from '../../support/process.js';
import { postgresInstallation, SECRET_KEY } from './installation.js';

async function acquire({ url }: ServerProcess, name: string): Promise<Record<string, unknown>> {
  const { body } = await new Client(url, ALICE).post(`/locks/${name}/acquire`, { ttl_seconds: 600 });
  return body;
}

/** An installation with a SQLite file and one lease, stopped. */
async function inAFile(): Promise<{ readonly installation: Installation; readonly lease: object }> {
  const installation = new Installation();
  const server = await installation.start();
  const { lease_id, fencing_token } = await acquire(server, 'deploy');
  await server.kill('SIGTERM');
  return { installation, lease: { lease_id, fencing_token } };
}

test('an installation moves to PostgreSQL and back, with its leases, tokens and counters', async () => {
  const { installation, lease } = await inAFile();
  const { url } = await postgresInstallation();
  const key = readFileSync(installation.path('octostore.db.key'), 'utf8').trim();
  const created = await installation.run(['token', 'create', 'ci']);

  const there = await installation.run(['migrate', '--from', 'octostore.db', '--to', url], {
    SECRET_KEY: key,
  });
  expect(there).toMatchObject({ code: 0, stderr: '' });
  expect(there.stdout).toContain('Copied and compared 1 row of leases.');
  expect(there.stdout).toMatch(
    /Everything in .*octostore\.db is now in postgres:\/\/.* continue above 1\.\n/,
  );

  const onPostgres = { DATABASE_URL: url, SECRET_KEY: key };
  const moved = await installation.start(onPostgres);
  expect(await acquire(moved, 'deploy')).toMatchObject({ ...lease, status: 'held' });
  expect((await acquire(moved, 'other'))['fencing_token']).toBe(2);
  expect((await new Client(moved.url, created.stdout.trim()).get('/locks')).status).toBe(200);
  await moved.kill('SIGTERM');
  expect(await installation.run(['audit', 'verify'], onPostgres)).toMatchObject({ code: 0 });
  const { stdout: audit } = await installation.run(['audit', 'export'], onPostgres);
  expect(audit).toMatch(/"action":"database\.move".*"actor":{"kind":"operator"}.*octostore\.db"/);

  const back = await installation.run(['migrate', '--from', url, '--to', 'back.db'], { SECRET_KEY: key });
  expect(back).toMatchObject({ code: 0, stderr: '' });
  const again = await installation.start({ DATABASE_URL: installation.path('back.db'), SECRET_KEY: key });
  expect(await acquire(again, 'deploy')).toMatchObject({ ...lease, status: 'held' });
  expect((await acquire(again, 'third'))['fencing_token']).toBe(3);
});

test('no server starts on the original, and it cannot be moved twice', async () => {
  const { installation } = await inAFile();
  const { url } = await postgresInstallation();
  const key = readFileSync(installation.path('octostore.db.key'), 'utf8').trim();
  const move = ['migrate', '--from', 'octostore.db', '--to', url];
  expect(await installation.run(move, { SECRET_KEY: key })).toMatchObject({ code: 0 });
  for (const args of [[], move]) {
    const { code, stderr } = await installation.run(args, { SECRET_KEY: key });
    expect(code).toBe(73);
    expect(stderr).toContain('was moved to another one with "octostore migrate"');
  }
});

test('another key for secrets is refused before anything is copied', async () => {
  const { installation } = await inAFile();
  const { url } = await postgresInstallation();
  const { code, stderr } = await installation.run(['migrate', '--from', 'octostore.db', '--to', url], {
    SECRET_KEY,
  });
  expect(code).toBe(78);
  expect(stderr).toMatch(/SECRET_KEY: does not open 1 of the secrets in .*octostore\.db/);
  expect(await (await installation.start()).kill('SIGTERM')).toMatchObject({ code: 0 });
});

test('a database with a running server is refused', async () => {
  const { installation } = await inAFile();
  const { url, installation: onPostgres } = await postgresInstallation();
  await onPostgres.start();
  const { code, stderr } = await installation.run(['migrate', '--from', url, '--to', 'back.db'], {
    SECRET_KEY,
  });
  expect(code).toBe(73);
  expect(stderr).toMatch(
    /^octostore: A server is running on postgres:.*Stop all servers of this database first\.\n$/,
  );
});

test.each([
  [['a.db', 'b.db'], 'Both databases are SQLite files. Use "octostore backup" and "octostore restore".'],
  [['postgres://a@h/x', 'postgres://a@h/y'], 'Both databases are PostgreSQL.'],
  [['mysql://a@h/x', 'b.db'], '--from must be the path of a SQLite file'],
])('%j is not a way to go', async ([from = '', to = ''], message) => {
  const { code, stderr } = await new Installation().run(['migrate', '--from', from, '--to', to]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
