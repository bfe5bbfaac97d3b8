import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Installation, type Finished } from '../support/process.js';
import { changeDatabase } from './database.js';
import { makeDatabase } from './new-database.js';

/** An unprivileged user for tests that run as root, because file modes do not stop root. */
const NOBODY = 65_534;

/** The program's error when it refused to start. It is one sentence without a stack trace. */
function refusalOf({ code, stdout, stderr }: Finished): string {
  expect(stderr).toMatch(/^octostore: [^\n]+\n$/);
  expect(stdout).not.toMatch(/\n\s+at /);
  expect(code).toBe(73);
  return stderr;
}

test('a second process on the same file is refused at once, and the first is not affected', async () => {
  const installation = new Installation();
  const first = await installation.start();
  const { body } = await first.alice.post('/locks/kept/acquire', { ttl_seconds: 60 });
  const second = installation.launch();
  const finished = await second.finish();
  expect(refusalOf(finished)).toMatch(/Another OctoStore process is using .*octostore\.db/);
  const renewal = { lease_id: body['lease_id'], ttl_seconds: 60 };
  expect((await first.alice.post('/locks/kept/renew', renewal)).status).toBe(200);

  await first.kill();
  const third = await installation.start();
  expect((await third.alice.post('/locks/kept/renew', renewal)).status).toBe(200);
});

test('a database of a newer version is refused and left alone', async () => {
  const installation = new Installation();
  await makeDatabase(installation.databasePath);
  await changeDatabase(
    installation.databasePath,
    "insert into migrations (timestamp, name) values (1, 'FromTheFuture1')",
  );
  expect(refusalOf(await installation.run([]))).toMatch(
    /octostore\.db was written by a newer version of OctoStore/,
  );
});

test.each([
  ['last_fencing_token = 9007199254740992', /lastFencingToken is 9007199254740992, but must be an integer/],
  ['last_sequence = 9007199254740993', /lastSequence is \d+, but must be an integer/],
  ['last_sequence = -1', /lastSequence is -1, but must be/],
  ['last_fencing_token = 0', /the fencing token of a lease is 1, but must be an integer from 1 to 0/],
  ['last_instant = 1e300', /lastInstant is 1e\+300, but must be/],
  ['last_sequence = 9007199254740991', /has used up its event numbers .* while 1 locks are held/],
])('a database with unusable numbers (%s) is refused', async (change, reason) => {
  const installation = new Installation();
  const server = await installation.start();
  await server.alice.post('/locks/kept/acquire', { ttl_seconds: 60 });
  await server.kill();
  await changeDatabase(installation.databasePath, `update server set ${change}`);
  expect(refusalOf(await installation.run([]))).toMatch(reason);
});

test('the last fencing token is issued, held locks continue, and nothing more is granted', async () => {
  const installation = new Installation();
  await makeDatabase(installation.databasePath);
  await changeDatabase(installation.databasePath, 'update server set last_fencing_token = 9007199254740990');
  const { alice } = await installation.start();
  const granted = await alice.post('/locks/a/acquire', { ttl_seconds: 60 });
  expect(granted).toMatchObject({ status: 200, body: { fencing_token: 9_007_199_254_740_991 } });
  const refused = await alice.post('/locks/b/acquire', { ttl_seconds: 60 });
  expect(refused).toMatchObject({ status: 507, body: { code: 'numbers_exhausted' } });
  const lease = { lease_id: granted.body['lease_id'] };
  expect((await alice.post('/locks/a/renew', { ...lease, ttl_seconds: 60 })).status).toBe(200);
  expect((await alice.post('/locks/a/release', lease)).status).toBe(200);
});

test('a file that is not an OctoStore database is refused, and nothing is created beside it', async () => {
  const installation = new Installation();
  const at = (name: string): string => installation.path(name);
  mkdirSync(at('folder'));
  writeFileSync(at('text'), 'This is no database, but long enough to be taken for one. '.repeat(20));
  symlinkSync('circle', at('circle'));
  symlinkSync('none/octostore.db', at('away'));
  await changeDatabase(at('foreign'), 'create table things (x)');
  await changeDatabase(
    at('broken'),
    "create table migrations (x); insert into migrations values ('some content')",
  );
  const reasons = {
    folder: /folder is not a file/,
    text: /text is not a database, or it is damaged/,
    foreign: /foreign is the database of another program/,
    circle: /circle is a broken symbolic link/,
    away: /away is a broken symbolic link/,
    broken: /broken is the database of another program/,
    'none/octostore.db': /There is no folder .*none for /,
    'text/octostore.db': /There is no folder .*text for /,
  };
  const before = readdirSync(installation.folder);
  const runs = Object.keys(reasons).map((name) => installation.run([], { DATABASE_URL: at(name) }));
  const refusals = (await Promise.all(runs)).map(refusalOf);
  for (const [index, reason] of Object.values(reasons).entries()) expect(refusals[index]).toMatch(reason);
  expect(readdirSync(installation.folder)).toEqual(before);
});

test('a folder or a file that cannot be written to is reported', async () => {
  const installation = new Installation();
  await makeDatabase(installation.databasePath);
  const as = process.getuid?.() === 0 ? { uid: NOBODY } : {};
  chmodSync(installation.folder, 0o555);
  const inFolder = await installation.launch([], {}, as).finish();
  expect(refusalOf(inFolder)).toMatch(
    /OctoStore cannot write to the folder .*\. Check its owner and its permissions/,
  );
  chmodSync(installation.folder, 0o777);
  chmodSync(installation.databasePath, 0o444);
  const file = await installation.launch([], {}, as).finish();
  expect(refusalOf(file)).toMatch(/OctoStore cannot read and write .*octostore\.db\. Check its owner/);
});
