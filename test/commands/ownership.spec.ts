import { chmodSync, chownSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { canGiveFilesAway } from '../support/root.js';
import { Installation } from '../support/process.js';
import { makeDatabase } from './new-database.js';

/** The user and group that run the service. */
const SERVICE = 12_345;
const OTHER_GROUP = 12_346;

const asService = { uid: SERVICE };

beforeEach(({ skip }) => {
  if (!canGiveFilesAway()) skip();
});

/** An installation in a folder that the service owns. */
function serviceFolder(): Installation {
  const installation = new Installation();
  chownSync(installation.folder, SERVICE, SERVICE);
  return installation;
}

function foreignFiles(installation: Installation, owner = SERVICE): string[] {
  return readdirSync(installation.folder).filter((name) => {
    const { uid, mode } = statSync(installation.path(name));
    return uid !== owner || (mode & 0o777) !== 0o600;
  });
}

async function startsAsService(installation: Installation): Promise<void> {
  const program = installation.launch([], {}, asService);
  await program.printed(/"url":"([^"]+)"/);
  expect(await program.kill('SIGTERM')).toMatchObject({ code: 0 });
}

test('files that root’s commands create beside the service’s database belong to the service', async () => {
  const installation = serviceFolder();
  await startsAsService(installation);
  for (const args of [
    ['backup', 'backup.db'],
    ['token', 'create', 'ci'],
    ['restore', 'backup.db'],
    ['token', 'create', 'ci'],
  ]) {
    expect((await installation.run(args)).code).toBe(0);
    expect({ args, foreignFiles: foreignFiles(installation) }).toEqual({ args, foreignFiles: [] });
  }
  await startsAsService(installation);
  expect(foreignFiles(installation)).toEqual([]);
});

test('SQLite’s own files beside a killed server’s database also belong to the service', async () => {
  const installation = serviceFolder();
  const program = installation.launch([], {}, asService);
  await program.printed(/"url":"([^"]+)"/);
  expect((await installation.run(['backup', 'while-it-runs.db'])).code).toBe(0);
  await program.kill();
  expect((await installation.run(['backup', 'after.db'])).code).toBe(0);
  expect(foreignFiles(installation)).toEqual([]);
  await startsAsService(installation);
});

test('a database that is restored into an empty folder belongs to the folder’s owner', async () => {
  const from = new Installation();
  await makeDatabase(from.databasePath);
  expect((await from.run(['backup', 'backup.db'])).code).toBe(0);
  const installation = serviceFolder();
  expect((await installation.run(['restore', from.path('backup.db')])).code).toBe(0);
  expect(foreignFiles(installation)).toEqual([]);
  await startsAsService(installation);
});

test('a first start as root by mistake does not lock the service out', async () => {
  const installation = serviceFolder();
  const server = await installation.start();
  expect((await installation.launch(['token', 'create', 'ci'], {}, asService).finish()).code).toBe(0);
  expect(foreignFiles(installation)).toEqual([]);
  await server.kill('SIGTERM');
  await startsAsService(installation);
});

test('the group is kept too, and the owner of the database takes precedence over that of the folder', async () => {
  const installation = new Installation();
  await makeDatabase(installation.databasePath);
  expect((await installation.run(['backup', 'backup.db'])).code).toBe(0);
  chownSync(installation.databasePath, SERVICE, OTHER_GROUP);
  expect((await installation.run(['restore', 'backup.db'])).code).toBe(0);
  const { uid, gid } = statSync(installation.databasePath);
  expect({ uid, gid }).toEqual({ uid: SERVICE, gid: OTHER_GROUP });
});

test('a backup belongs to the owner of its folder', async () => {
  const installation = serviceFolder();
  await startsAsService(installation);
  const folders = { roots: 0, others: 4_321 };
  for (const [name, owner] of Object.entries(folders)) {
    mkdirSync(installation.path(name));
    chownSync(installation.path(name), owner, owner);
    chmodSync(installation.path(name), 0o700);
    const target = installation.path(`${name}/backup.db`);
    expect((await installation.run(['backup', target])).code).toBe(0);
    const { uid, gid, mode } = statSync(target);
    expect({ name, uid, gid, mode: mode & 0o777 }).toEqual({ name, uid: owner, gid: owner, mode: 0o600 });
  }
});
