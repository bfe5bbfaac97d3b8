import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { frames, lastSequence } from '../../lab/kit/history/event-log.js';
import type { Client } from '../../lab/kit/http/client.js';
import { ALICE, Installation } from '../support/process.js';
import { pause } from '../../src/process/time.js';
import { makeFolder } from '../support/temp-folder.js';
import { changeDatabase, readLeases, readNumbers } from './database.js';

const HOUR = { ttl_seconds: 3600 };

async function tokenOf(client: Client, lock: string): Promise<number> {
  const { status, body } = await client.post(`/locks/${lock}/acquire`, HOUR);
  expect(status).toBe(200);
  return Number(body['fencing_token']);
}

/** The files of a killed server, with a backup from before its last lease. */
const history = makeFolder();
let lastToken = 0;
afterAll(history.remove);

/** A copy of those files, for one test. */
async function copyHistory(): Promise<Installation> {
  if (lastToken === 0) {
    const original = new Installation({}, history.path);
    const server = await original.start();
    await tokenOf(server.alice, 'before');
    expect((await original.run(['backup', original.path('backup.db')])).code).toBe(0);
    lastToken = await tokenOf(server.alice, 'after');
    await server.kill();
  }
  const installation = new Installation();
  cpSync(history.path, installation.folder, { recursive: true });
  return installation;
}

/** The names and contents of the files in a folder, without the lock files. */
function contentsOf(folder: string): Map<string, string> {
  const names = readdirSync(folder).filter((name) => !name.includes('.lock'));
  return new Map(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(`${folder}/${name}`))
        .digest('hex'),
    ]),
  );
}

test('after a restore old leases are gone, tokens continue far above, and watchers start again', async () => {
  const installation = new Installation();
  const first = await installation.start();
  const { body: old } = await first.alice.post('/locks/old/acquire', HOUR);
  const { body: session } = await first.alice.post('/sessions', {});
  expect((await installation.run(['backup', 'backup.db'])).code).toBe(0);
  let highest = 0;
  for (let number = 0; number < 20; number += 1) highest = await tokenOf(first.alice, `later/${number}`);
  const refused = await installation.run(['restore', 'backup.db']);
  expect(refused).toMatchObject({ code: 73, stdout: '' });
  expect(refused.stderr).toMatch(
    /^octostore: Another OctoStore process is using .*octostore\.db\. Stop it first.*\n$/,
  );
  expect((await first.alice.get('/locks/old')).body['status']).toBe('held');
  const lastSeen = String(await lastSequence(first.alice));
  await first.kill();

  const restored = await installation.run(['restore', 'backup.db']);
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  const [, previous = ''] = /The previous database is now (.*)\.\n/.exec(restored.stdout) ?? [];
  expect((await readLeases(previous)).map(({ lock_name }) => lock_name)).toContain('later/19');
  expect(statSync(installation.databasePath).mode & 0o777).toBe(0o600);

  const second = await installation.start();
  expect(await tokenOf(second.alice, 'new')).toBeGreaterThan(highest);
  const lease = { lease_id: old['lease_id'] };
  expect((await second.alice.post('/locks/old/renew', { ...lease, ...HOUR })).status).toBe(404);
  expect((await second.alice.post('/locks/old/release', lease)).status).toBe(404);
  expect((await second.alice.get('/locks/old')).body['status']).toBe('available');
  expect((await second.alice.get(`/sessions/${String(session['session_id'])}`)).status).toBe(410);
  const events: string[] = [];
  for await (const { event } of frames(second.url, ALICE, lastSeen)) {
    events.push(event);
    if (event === 'state') break;
  }
  expect(events).toEqual(['reset', 'state']);
});

test('after a restore every fence refuses all tokens that were issued before', async () => {
  const installation = new Installation();
  const first = await installation.start();
  const advance = async (client: Client, token: number) =>
    (await client.post('/fences/store/advance', { fencing_token: token })).status;
  expect(await advance(first.alice, await tokenOf(first.alice, 'before'))).toBe(200);
  expect((await installation.run(['backup', 'backup.db'])).code).toBe(0);
  const lost = await tokenOf(first.alice, 'after');
  expect(await advance(first.alice, lost)).toBe(200);
  await first.kill();
  expect((await installation.run(['restore', 'backup.db'])).code).toBe(0);
  const { token: raised } = await readNumbers(installation.databasePath);

  const second = await installation.start();
  expect((await second.alice.get('/fences/store')).body).toEqual({ name: 'store', highest: raised });
  expect(await advance(second.alice, lost)).toBe(409);
  expect(await advance(second.alice, await tokenOf(second.alice, 'new'))).toBe(200);
});

test('a backup of a version without fences can be restored', async () => {
  const installation = await copyHistory();
  await changeDatabase(
    installation.path('backup.db'),
    `drop table coolings; drop table broken_leases; drop table fences; drop table proof_keys;
     drop table used_states; drop table policies;
     delete from migrations where name like 'CoolingBreaks%' or name like 'UsedStates%' or name like 'Policies%'`,
  );
  expect(await installation.run(['restore', 'backup.db'])).toMatchObject({ code: 0, stderr: '' });
  const server = await installation.start();
  expect((await server.alice.get('/fences/store')).body).toEqual({ name: 'store', highest: 0 });
});

test.each([
  ['behind', -100, true],
  ['behind, and the database is lost', -100, false],
  ['decades ahead', 1000, true],
])('no fencing token is repeated when the clock is %s', async (_, years, isThere) => {
  const installation = await copyHistory();
  // To the restore, a backup from the future looks the same as a clock that is behind.
  await changeDatabase(
    installation.path('backup.db'),
    `update server set wall_skew = wall_skew - ${years} * 365 * 86400000`,
  );
  if (!isThere)
    for (const suffix of ['', '-wal', '-shm'])
      rmSync(`${installation.databasePath}${suffix}`, { force: true });
  const { code, stdout } = await installation.run(['restore', 'backup.db']);
  expect(code).toBe(0);
  expect(stdout.includes('The previous database')).toBe(isThere);
  const { token } = await readNumbers(installation.databasePath);
  expect(token).toBeGreaterThanOrEqual(Math.max(lastToken, 2 ** 32));
  expect(token).toBeLessThan(2 ** 50);
});

test('an unusable backup is refused, and nothing is changed', async () => {
  const installation = await copyHistory();
  const at = (name: string): string => installation.path(name);
  const copy = (name: string): string => {
    copyFileSync(at('backup.db'), at(name));
    return at(name);
  };
  truncateSync(copy('half.db'), 30_000);
  const damaged = readFileSync(at('backup.db'));
  writeFileSync(at('damaged.db'), damaged.fill(0x5a, 8192, 12_288));
  writeFileSync(at('text.db'), 'This is no database, but long enough to be taken for one. '.repeat(20));
  writeFileSync(at('empty.db'), '');
  await changeDatabase(at('foreign.db'), 'create table server (x); insert into server values (1)');
  await changeDatabase(
    copy('newer.db'),
    "insert into migrations (timestamp, name) values (1, 'FromTheFuture1')",
  );
  const before = contentsOf(installation.folder);
  const reasons = {
    'half.db': /is damaged|is not an OctoStore database, or it is damaged/,
    'damaged.db': /is damaged|is not an OctoStore database, or it is damaged/,
    'text.db': /is not an OctoStore database/,
    'empty.db': /is not an OctoStore database/,
    'foreign.db': /is not an OctoStore database/,
    'newer.db': /newer\.db was written by a newer version/,
    'octostore.db': /octostore\.db is the database itself/,
    'none.db': /There is no backup at none\.db/,
  };
  for (const [name, reason] of Object.entries(reasons)) {
    const { code, stdout, stderr } = await installation.run(['restore', name]);
    expect({ name, code, stdout }).toEqual({ name, code: 73, stdout: '' });
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/^octostore: [^\n]+\n$/);
    expect(contentsOf(installation.folder)).toEqual(before);
  }
});

test.each(['last_fencing_token', 'last_sequence'])(
  'a restore that leaves no numbers below 2^53 (%s) is refused, and nothing is changed',
  async (column) => {
    const installation = await copyHistory();
    const last = BigInt(2 ** 53) - BigInt(2 ** 31);
    await changeDatabase(installation.path('backup.db'), `update server set ${column} = ${last}`);
    const before = await readLeases(installation.databasePath);
    const { code, stdout, stderr } = await installation.run(['restore', 'backup.db']);
    expect({ code, stdout }).toEqual({ code: 73, stdout: '' });
    expect(stderr).toMatch(/^octostore: [^\n]*but the last number is 9007199254740991[^\n]+\n$/);
    expect(await readLeases(installation.databasePath)).toEqual(before);
    expect(readdirSync(installation.folder).filter((name) => name.includes('restor'))).toEqual([]);
  },
);

test('the changes in a log beside the backup are restored too', async () => {
  const installation = await copyHistory();
  // As when you copy the files yourself: the newest changes are still in the log.
  for (const suffix of ['', '-wal'])
    copyFileSync(`${installation.databasePath}${suffix}`, `${installation.path('copied.db')}${suffix}`);
  const { code } = await installation.run(['restore', 'copied.db'], {
    DATABASE_URL: installation.path('fresh.db'),
  });
  expect(code).toBe(0);
  const names = (await readLeases(installation.path('fresh.db'))).map(({ lock_name }) => lock_name);
  expect(names.toSorted()).toEqual(['after', 'before']);
});

test('a killed restore leaves either the old database or the new one', async () => {
  const installation = await copyHistory();
  let cut = 0;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const program = installation.launch(['restore', 'backup.db']);
    while (!existsSync(`${installation.databasePath}.restoring`) && !program.hasExited) await pause(0);
    await pause(Math.random() * 15);
    const { signal } = await program.kill();
    if (signal === 'SIGKILL') cut += 1;
    const { token, restoredAt } = await readNumbers(installation.databasePath);
    const isWhole = restoredAt === 0 ? token === lastToken : token > lastToken + 2 ** 32;
    expect({ token, restoredAt, isWhole }).toMatchObject({ isWhole: true });
  }
  expect(cut).toBeGreaterThan(0);
  expect((await installation.run(['restore', 'backup.db'])).code).toBe(0);
  expect(readdirSync(installation.folder).filter((name) => name.includes('restoring'))).toEqual([]);
  expect((await readNumbers(installation.databasePath)).token).toBeGreaterThan(lastToken + 2 ** 32);
});
