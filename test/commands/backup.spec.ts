import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addressOf, Connection, NoAnswer } from '../../lab/kit/http/connection.js';
import { ALICE, Installation, SOON } from '../support/process.js';
import { pause } from '../../src/process/time.js';
import { readLeases } from './database.js';
import { makeDatabase } from './new-database.js';

/** Acquires locks one by one until the connection is cut. Records each one when it is acknowledged. */
async function acquireUntilCut(url: string, name: string, acknowledged: string[]): Promise<void> {
  const connection = new Connection(() => addressOf(url), ALICE);
  try {
    for (let number = 0; ; number += 1) {
      const lock = `${name}/${number}`;
      const { status } = await connection.post(`/locks/${lock}/acquire`, { ttl_seconds: 3600 });
      if (status === 200) acknowledged.push(lock);
    }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
  }
}

const MANY = { MAX_LOCKS_PER_USER: '1000000' };

test('a backup under load has everything acknowledged before it, and one with the server stopped has everything', async () => {
  const installation = new Installation(MANY);
  const server = await installation.start();
  const acknowledged: string[] = [];
  const load = Array.from({ length: 8 }, (_, client) =>
    acquireUntilCut(server.url, `c${client}`, acknowledged),
  );
  await expect.poll(() => acknowledged.length, SOON).toBeGreaterThan(200);

  const target = installation.path('backup.db');
  const before = [...acknowledged];
  const { code, stdout, stderr } = await installation.run(['backup', target]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Backed up .*octostore\.db to .*backup\.db: verified, last written 20/);
  expect(acknowledged.length).toBeGreaterThan(before.length);
  await server.kill();
  await Promise.all(load);

  const names = new Set((await readLeases(target)).map(({ lock_name }) => lock_name));
  expect(before.filter((name) => !names.has(name))).toEqual([]);
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect(existsSync(`${target}-wal`)).toBe(false);

  const cold = await installation.run(['backup', 'cold.db']);
  expect(cold).toMatchObject({ code: 0, stderr: '' });
  expect(cold.stdout).toContain('octostore.db.key');
  const all = new Set((await readLeases(installation.path('cold.db'))).map(({ lock_name }) => lock_name));
  expect(acknowledged.filter((name) => !all.has(name))).toEqual([]);
});

test('a backup overwrites nothing, and a failed backup leaves no file', async () => {
  const installation = new Installation();
  const before = ['octostore.db', 'precious.db', 'text.db'];
  writeFileSync(installation.path('precious.db'), 'precious');
  writeFileSync(
    installation.path('text.db'),
    'This is no database, but long enough to be taken for one. '.repeat(20),
  );
  await makeDatabase(installation.databasePath);

  const overwriting = await installation.run(['backup', 'precious.db']);
  expect(overwriting).toMatchObject({ code: 73, stdout: '' });
  expect(overwriting.stderr).toBe('octostore: precious.db already exists. Choose another name.\n');
  expect(statSync(installation.path('precious.db')).size).toBe('precious'.length);

  const nowhere = await installation.run(['backup', 'no-such-folder/backup.db']);
  expect(nowhere.code).toBe(73);
  expect(nowhere.stderr).toMatch(
    /^octostore: There is no folder .*no-such-folder for no-such-folder\/backup\.db\. Create the folder first\.\n$/,
  );

  const ofText = await installation.run(['backup', 'copy.db'], {
    DATABASE_URL: installation.path('text.db'),
  });
  expect(ofText.code).toBe(73);
  expect(ofText.stderr).toMatch(
    /^octostore: .*text\.db is not a database, or it is damaged\. Restore a backup .*\n$/,
  );

  const ofNothing = await installation.run(['backup', 'copy.db'], {
    DATABASE_URL: installation.path('none.db'),
  });
  expect(ofNothing.code).toBe(73);
  expect(ofNothing.stderr).toMatch(/^octostore: There is no database at .*none\.db\. .*\n$/);

  const after = readdirSync(installation.folder).filter((name) => !/\.(key|lock)$/.test(name));
  expect(after.toSorted()).toEqual(before);
});

test('a backup that is killed leaves no file with its name, and the next one works', async () => {
  const installation = new Installation({ ...MANY, EVENT_RETENTION: '1000000' });
  const server = await installation.start();
  const acknowledged: string[] = [];
  const load = Array.from({ length: 16 }, (_, client) =>
    acquireUntilCut(server.url, `c${client}`, acknowledged),
  );
  await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(800);
  const target = installation.path('backup.db');
  const program = installation.launch(['backup', target]);
  while (!existsSync(`${target}.unfinished`) && !program.hasExited) await pause(1);
  await program.kill();
  expect(existsSync(target)).toBe(false);
  expect(existsSync(`${target}.unfinished`)).toBe(true);
  expect((await installation.run(['backup', target])).code).toBe(0);
  await server.kill();
  await Promise.all(load);
  expect((await readLeases(target)).length).toBeGreaterThan(800);
  expect(readdirSync(installation.folder).filter((name) => name.includes('unfinished'))).toEqual([]);
});
