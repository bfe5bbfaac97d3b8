import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Installation, SOON } from '../support/process.js';
import { readLeases } from './database.js';

/** An unprivileged user for tests that run as root, because file modes do not stop root. */
const NOBODY = 65_534;

test('the running server makes backups and logs them, and they can be restored', async () => {
  const installation = new Installation({ BACKUP_DIR: 'backups' });
  mkdirSync(installation.path('backups'));
  const server = await installation.start();
  expect((await server.alice.post('/locks/kept/acquire', { ttl_seconds: 3600 })).status).toBe(200);
  await server.program.printed(
    /"level":"info"[^\n]*"msg":"The database was backed up and the copy verified"/,
  );
  const [file = '', ...more] = readdirSync(installation.path('backups'));
  expect(file).toMatch(/^octostore-\d{8}T\d{6}Z\.db$/);
  expect(more).toEqual([]);
  await server.kill('SIGTERM');
  const restored = await installation.run(['restore', `backups/${file}`]);
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect((await readLeases(installation.databasePath)).map(({ lock_name }) => lock_name)).toEqual(['kept']);
});

test('a failed backup is logged as an error, and the server keeps running', async () => {
  const installation = new Installation({ BACKUP_DIR: 'backups', MIN_FREE_DISK_MB: '1000000' });
  mkdirSync(installation.path('backups'));
  const server = await installation.start();
  await server.program.printed(
    /"level":"error"[^\n]*"msg":"The scheduled backup failed: [^\n]* MB free\. Free more space: /,
  );
  await expect.poll(() => readdirSync(installation.path('backups')), SOON).toEqual([]);
  expect((await server.alice.get('/health/live')).status).toBe(200);
});

test('a folder that is missing or not writable stops the start before any file is created', async () => {
  const installation = new Installation();
  const missing = await installation.run([], { BACKUP_DIR: installation.path('none') });
  expect(missing).toMatchObject({ code: 78 });
  expect(missing.stderr).toMatch(/BACKUP_DIR: there is no folder .*none\. Create it/);
  writeFileSync(installation.path('file'), '');
  expect((await installation.run([], { BACKUP_DIR: installation.path('file') })).code).toBe(78);
  expect(readdirSync(installation.folder)).toEqual(['file']);

  mkdirSync(installation.path('backups'));
  chmodSync(installation.path('backups'), 0o500);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(installation.folder, NOBODY, NOBODY);
  const as = isRoot ? { uid: NOBODY } : {};
  const unwritable = await installation.launch([], { BACKUP_DIR: 'backups' }, as).finish();
  expect(unwritable.code).toBe(78);
  expect(unwritable.stderr).toMatch(/BACKUP_DIR: OctoStore cannot read and write the folder .*backups\./);
});
