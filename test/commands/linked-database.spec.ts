import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { expect, test } from 'vitest';
import type { Client } from '../../lab/kit/http/client.js';
import { SmallDisk } from '../support/process-disk.js';
import { Installation } from '../support/process.js';

const HOUR = { ttl_seconds: 3600 };

/** An installation whose database is in the folder `data` and is reached through links. */
function linked(): Installation {
  const installation = new Installation();
  mkdirSync(installation.path('data'));
  symlinkSync('data/real.db', installation.path('middle.db'));
  symlinkSync('middle.db', installation.databasePath);
  return installation;
}

async function tokenOf(client: Client, lock: string): Promise<number> {
  const { status, body } = await client.post(`/locks/${lock}/acquire`, HOUR);
  expect(status).toBe(200);
  return Number(body['fencing_token']);
}

test('a restore replaces the file and not the link, so that no fencing token is repeated by another path to it', async () => {
  const installation = linked();
  const direct = { DATABASE_URL: installation.path('data/real.db') };
  const server = await installation.start();
  await tokenOf(server.alice, 'a');
  expect(await installation.run(['backup', 'backup.db'])).toMatchObject({ code: 0, stderr: '' });
  let highest = 0;
  for (let number = 0; number < 5; number += 1) highest = await tokenOf(server.alice, `later/${number}`);
  expect((await installation.run(['restore', 'backup.db'])).code).toBe(73);
  await server.kill();

  const restored = await installation.run(['restore', 'backup.db']);
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect(restored.stdout).toMatch(/^Restored .*data\/real\.db from backup\.db/);
  expect(readlinkSync(installation.databasePath)).toBe('middle.db');
  expect(readlinkSync(installation.path('middle.db'))).toBe('data/real.db');
  expect(
    readdirSync(installation.path('data')).filter((name) => name.includes('before-restore')),
  ).toHaveLength(1);
  const second = await installation.start(direct);
  const token = await tokenOf(second.alice, 'direct');
  expect(token).toBeGreaterThan(highest);
  await second.kill('SIGTERM');
  const third = await installation.start();
  expect(await tokenOf(third.alice, 'linked')).toBeGreaterThan(token);
});

test('if a link points to a missing file, the database and its other files are created where the link leads', async () => {
  const installation = linked();
  const server = await installation.start();
  expect(readdirSync(installation.folder).toSorted()).toEqual(['data', 'middle.db', 'octostore.db']);
  const names = readdirSync(installation.path('data'));
  for (const suffix of ['', '-wal', '.lock', '.control', '.key']) expect(names).toContain(`real.db${suffix}`);
  const restoring = linked();
  expect(await installation.run(['backup', restoring.path('backup.db')])).toMatchObject({ code: 0 });
  await server.kill();
  expect(await restoring.run(['restore', 'backup.db'])).toMatchObject({ code: 0, stderr: '' });
  expect(lstatSync(restoring.databasePath).isSymbolicLink()).toBe(true);
  expect(existsSync(restoring.path('data/real.db'))).toBe(true);
});

test('a server keeps its file, its lock and its commands if you change where the link points', async () => {
  const installation = linked();
  const server = await installation.start();
  mkdirSync(installation.path('other'));
  symlinkSync('other/real.db', installation.path('new'));
  renameSync(installation.path('new'), installation.path('middle.db'));
  await tokenOf(server.alice, 'a');
  const direct = { DATABASE_URL: installation.path('data/real.db') };
  expect((await installation.run(['token', 'list'], direct)).code).toBe(0);
  expect((await installation.run(['token', 'list'])).code).toBe(73);
  expect((await installation.run([], direct)).stderr).toMatch(/Another OctoStore process is using/);
  expect(await server.kill('SIGTERM')).toMatchObject({ code: 0 });
  expect(existsSync(installation.path('data/real.db.control'))).toBe(false);
});

test('free space is measured on the disk of the file, not of the link', async () => {
  const disk = new SmallDisk(16);
  const installation = new Installation({ MIN_FREE_DISK_MB: '100' });
  symlinkSync(`${disk.path}/real.db`, installation.databasePath);
  const { alice } = await installation.start();
  expect(await alice.post('/locks/a/acquire', HOUR)).toMatchObject({
    status: 503,
    body: { code: 'storage_low' },
  });
});

test('a backup through a link includes the changes in the log beside the file', async () => {
  const installation = linked();
  const server = await installation.start();
  const token = await tokenOf(server.alice, 'in-the-log');
  await server.kill();
  const fresh = { DATABASE_URL: installation.path('fresh.db') };
  const { code, stdout } = await installation.run(['restore', 'octostore.db'], fresh);
  expect(code).toBe(0);
  expect(Number(/above (\d+)[;.]/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(token + 2 ** 32);
});

test('a backup never replaces a link', async () => {
  const installation = linked();
  await (await installation.start()).kill('SIGTERM');
  symlinkSync('nowhere.db', installation.path('backup.db'));
  const { code, stderr } = await installation.run(['backup', 'backup.db']);
  expect({ code, stderr }).toEqual({
    code: 73,
    stderr: 'octostore: backup.db already exists. Choose another name.\n',
  });
});

test('a key that an earlier version created beside the link is found, and moved beside the file', async () => {
  const installation = linked();
  const key = 'a-key-of-an-earlier-version-0123456789abcde';
  writeFileSync(`${installation.databasePath}.key`, key, { mode: 0o600 });
  const first = await installation.start();
  expect(first.program.stdout).toContain('The key for secrets was beside a link to the database');
  await first.kill('SIGTERM');
  expect(readFileSync(installation.path('data/real.db.key'), 'utf8')).toBe(key);
  expect(lstatSync(installation.path('data/real.db.key')).mode & 0o777).toBe(0o600);
  const second = await installation.start();
  expect(second.program.stdout).not.toContain('key for secrets');
  await second.kill('SIGTERM');
  const { stdout } = await installation.run(['backup', 'backup.db']);
  expect(stdout).toMatch(/Keep a copy of .*\/data\/real\.db\.key elsewhere/);

  writeFileSync(`${installation.databasePath}.key`, `${key}-another`);
  const third = await installation.start();
  expect(third.program.stdout).toContain('There is another key for secrets beside a link');
});
