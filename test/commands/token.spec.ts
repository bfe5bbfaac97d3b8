import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { explain } from '../../src/cli/server/explain.js';
import { OctoStoreError } from '../../src/errors/octostore-error.js';
import { SqliteLocation } from '../../src/installation/sqlite-location.js';
import { ProcessLock } from '../../src/journal/sqlite/process-lock.js';
import { canGiveFilesAway } from '../support/root.js';
import { ALICE, Installation, SOON, type Finished } from '../support/process.js';
import { testFolder } from '../support/temp-folder.js';
import { makeDatabase } from './new-database.js';

/** An unprivileged user. */
const NOBODY = 65_534;

interface Facts {
  readonly id: string;
  readonly user: string;
}

/** An installation whose server has already run once. */
async function usedInstallation(): Promise<Installation> {
  const installation = new Installation();
  await makeDatabase(installation.databasePath);
  return installation;
}

async function token(installation: Installation, ...args: string[]): Promise<Finished> {
  return installation.run(['token', ...args]);
}

async function created(installation: Installation, user: string): Promise<string> {
  const { code, stdout, stderr } = await token(installation, 'create', user);
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^((Another OctoStore process|There is no database at) .* Waiting .*\n)?Created a token for \w+:\w+, with the id [0-9a-f]{16}\. It is shown only once:\n$/,
  );
  expect(stdout).toMatch(/^octo_\w+\n$/);
  return stdout.trim();
}

async function listed(installation: Installation, ...args: string[]): Promise<Facts[]> {
  const { code, stdout } = await token(installation, 'list', '--json', ...args);
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { readonly tokens: Facts[] }).tokens;
}

async function statusWith(url: string, bearer: string): Promise<number> {
  const response = await fetch(`${url}/locks`, { headers: { authorization: `Bearer ${bearer}` } });
  await response.body?.cancel();
  return response.status;
}

test('tokens can be created and revoked while the server runs, with immediate effect', async () => {
  const installation = new Installation();
  const { url } = await installation.start();
  const [ci, other] = [await created(installation, 'ci'), await created(installation, 'ci')];
  expect([await statusWith(url, ci), await statusWith(url, other)]).toEqual([200, 200]);
  const [first, second] = await listed(installation, '--user', 'ci');
  expect([first?.user, second?.user]).toEqual(['local:ci', 'local:ci']);

  const revoked = await token(installation, 'revoke', String(first?.id));
  expect(revoked).toMatchObject({ code: 0, stdout: `Revoked ${first?.id}.\n`, stderr: '' });
  expect([await statusWith(url, ci), await statusWith(url, other)]).toEqual([401, 200]);
  expect(await token(installation, 'revoke', '--user', 'ci')).toMatchObject({ code: 0 });
  expect(await token(installation, 'revoke', '--user', 'ci')).toMatchObject({ code: 0 });
  expect(await token(installation, 'revoke', '--user', 'c1')).toMatchObject({ code: 66 });
  expect(await statusWith(url, other)).toBe(401);
});

test('tokens can be created and revoked without a server, with effect at the next start', async () => {
  const installation = await usedInstallation();
  const ci = await created(installation, 'ci');
  const revoked = await created(installation, 'gone');
  const [facts] = await listed(installation, '--user', 'gone');
  await token(installation, 'revoke', String(facts?.id));
  const { url } = await installation.start();
  expect([await statusWith(url, ci), await statusWith(url, revoked)]).toEqual([200, 401]);
});

test('a revoked token of the configuration stays revoked after a restart', async () => {
  const installation = new Installation();
  const server = await installation.start();
  const { code } = await token(installation, 'revoke', '--user', 'static:alice');
  expect(code).toBe(0);
  expect(await statusWith(server.url, ALICE)).toBe(401);
  await server.kill('SIGTERM');
  expect(await statusWith((await installation.start()).url, ALICE)).toBe(401);
});

test('the list for people shows tokens that survive a restart, without their text', async () => {
  const installation = await usedInstallation();
  const ci = await created(installation, 'ci');
  const { stdout } = await token(installation, 'list');
  expect(stdout).toMatch(/^ID +CREATED +USER +LABEL +EXPIRES +LAST USED +SCOPES\n/);
  expect(stdout).toMatch(/\n[0-9a-f]{16} {2}20\S+Z {2}local:ci +- +- +- +-\n/);
  expect(stdout).toMatch(/\n[0-9a-f]{16} {2}configured +static:alice +- +- +- +-\n/);
  expect(stdout).not.toContain(ci);
  expect(stdout).not.toContain(ALICE);
});

test.each([
  ['--label', 'two\nlines', 'The label must be'],
  ['--expires-in', '59s', 'The token must last from 60'],
])('without a server too, a token with %s %j is refused', async (option, value, problem) => {
  const installation = await usedInstallation();
  const refused = await token(installation, 'create', 'ci', option, value);
  expect(refused).toMatchObject({ stdout: '', stderr: expect.stringContaining(problem) as string });
  expect(refused.code).not.toBe(0);
  expect(await listed(installation, '--user', 'ci')).toEqual([]);
});

test('a token gets the label and the expiry that the command gives it', async () => {
  const installation = await usedInstallation();
  await token(installation, 'create', 'ci', '--label', 'deploy', '--expires-in', '90d');
  const [facts] = await listed(installation, '--user', 'ci');
  expect(facts).toMatchObject({ label: 'deploy' });
  const { created_at, expires_at } = facts as unknown as Record<string, string>;
  const lifeMs = Date.parse(String(expires_at)) - Date.parse(String(created_at));
  // The command may take a moment between the two.
  expect(Math.round(lifeMs / 60_000)).toBe(90 * 24 * 60);
});

test('only the server’s user can read the key to the running server, and a stop deletes it', async () => {
  const installation = new Installation();
  const path = `${installation.databasePath}.control`;
  const server = await installation.start();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const { url, key } = JSON.parse(readFileSync(path, 'utf8')) as { url: string; key: string };
  const statusPage = (adminKey: string) =>
    fetch(`${url}/admin/status`, { headers: { 'x-admin-key': adminKey } });
  expect((await statusPage(key)).status).toBe(200);
  expect((await statusPage(`${key}x`)).status).toBe(401);
  expect(server.program.stdout + server.program.stderr).not.toContain(key);
  await server.kill('SIGTERM');
  expect(existsSync(path)).toBe(false);

  const next = await installation.start();
  const again = await fetch(`${next.url}/admin/status`, { headers: { 'x-admin-key': key } });
  expect(again.status).toBe(401);
});

test('the files of a killed server do not block commands or the next start', async () => {
  const installation = new Installation();
  const server = await installation.start();
  await server.kill('SIGKILL');
  expect(existsSync(`${installation.databasePath}.control`)).toBe(true);
  const ci = await created(installation, 'ci');
  expect(await statusWith((await installation.start()).url, ci)).toBe(200);
});

test('without the key, the command makes no request, and the error says what to do', async () => {
  const installation = new Installation();
  await installation.start();
  writeFileSync(`${installation.databasePath}.control`, 'rubbish');
  const { code, stdout, stderr } = await token(installation, 'create', 'ci');
  expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
  expect(stderr).toMatch(/^octostore: The server .* cannot be reached\. Run this as the user .*\n$/);
});

test.each([
  [['create'], 2, /missing required argument/],
  [['create', 'a b'], 2, /The user must be a login/],
  [['create', 'github:ada'], 66, /No one has signed in/],
  [['revoke'], 2, /no tokens are named/],
  [['revoke', 'xyz'], 66, /There is no such token/],
])('token %j exits with %d', async (args, exitCode, sentence) => {
  const installation = await usedInstallation();
  await created(installation, 'ci');
  const { code, stdout, stderr } = await token(installation, ...args);
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
  expect(stderr).toMatch(sentence);
});

test.each([
  [['token', 'create', 'ci']],
  [['token', 'list']],
  [['token', 'revoke', 'xyz']],
  [['backup', 'backup.db']],
])('in a folder where no server has run, %j refuses, says what to do and creates nothing', async (args) => {
  const installation = new Installation({ DATABASE_URL: undefined });
  const { code, stdout, stderr } = await installation.run(args);
  expect({ code, stdout }).toEqual({ code: 73, stdout: '' });
  const path = join(realpathSync(installation.folder), 'octostore.db');
  expect(stderr).toMatch(/^octostore: [^\n]*--database[^\n]*\n$/);
  expect(stderr).toContain(`There is no database at ${path}.`);
  expect(readdirSync(installation.folder)).toEqual([]);
});

test('an empty file is not a database', async () => {
  const installation = new Installation();
  writeFileSync(installation.databasePath, '');
  expect(await token(installation, 'create', 'ci')).toMatchObject({ code: 73, stdout: '' });
  expect(statSync(installation.databasePath).size).toBe(0);
});

test('from another folder, --database or --env-file leads to the running server', async () => {
  const installation = new Installation();
  const { url } = await installation.start();
  const elsewhere = new Installation({ DATABASE_URL: undefined });
  writeFileSync(elsewhere.path('settings'), `DATABASE_URL=${installation.databasePath}\n`);
  for (const option of [
    ['--database', installation.databasePath],
    ['--env-file', 'settings'],
  ]) {
    const { code, stdout } = await elsewhere.run(['token', 'create', 'ci', ...option]);
    expect(code).toBe(0);
    expect(await statusWith(url, stdout.trim())).toBe(200);
    expect(await elsewhere.run(['token', 'list', ...option])).toMatchObject({ code: 0, stderr: '' });
    const target = join(testFolder(), 'backup.db');
    expect(await elsewhere.run(['backup', target, ...option])).toMatchObject({ code: 0, stderr: '' });
    expect(await elsewhere.run(['restore', target, ...option])).toMatchObject({ code: 73, stdout: '' });
    const second = await elsewhere.run(['serve', ...option]);
    expect(second.stderr).toContain(`Another OctoStore process is using ${installation.databasePath}`);
    expect((await elsewhere.run(option)).stderr).toBe(second.stderr);
  }
  expect(readdirSync(elsewhere.folder)).toEqual(['settings']);
});

test('concurrent commands wait for each other', async () => {
  const installation = await usedInstallation();
  await created(installation, 'ci');
  const all = await Promise.all(['a', 'b', 'c'].map((user) => token(installation, 'create', user)));
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await listed(installation)).toHaveLength(6);
});

test('a command waits for another process that uses the database, and says so', async () => {
  const installation = await usedInstallation();
  await created(installation, 'ci');
  const inUse = await ProcessLock.acquire(await SqliteLocation.find(installation.databasePath));
  const program = installation.launch(['token', 'create', 'ci']);
  await expect.poll(() => program.stderr, SOON).toMatch(/^Another OctoStore process .* Waiting .*\n$/);
  await inUse.release();
  expect(await program.finish()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^octo_/) });
});

test('a command waits for a server that is starting or stopping', async () => {
  const installation = new Installation();
  const program = installation.launch();
  await expect
    .poll(() => existsSync(`${installation.databasePath}.lock`), { ...SOON, interval: 1 })
    .toBe(true);
  await created(installation, 'early');
  await program.printed(/"url"/);
  program.signal('SIGTERM');
  await expect
    .poll(() => existsSync(`${installation.databasePath}.control`), { ...SOON, interval: 1 })
    .toBe(false);
  await created(installation, 'late');
});

test('a server that cannot write its key still starts, serves and stops', async () => {
  const installation = new Installation();
  mkdirSync(`${installation.databasePath}.control`);
  const server = await installation.start();
  expect(await statusWith(server.url, ALICE)).toBe(200);
  expect(server.program.output).toContain('The control file cannot be written');
  expect(await server.kill('SIGTERM')).toMatchObject({ code: 0 });
});

test('files that root’s command creates belong to the owner of the database', async ({ skip }) => {
  if (!canGiveFilesAway()) skip();
  const installation = await usedInstallation();
  await created(installation, 'ci');
  for (const name of readdirSync(installation.folder)) chownSync(installation.path(name), NOBODY, NOBODY);
  rmSync(`${installation.databasePath}.lock`);
  await created(installation, 'ci');
  const owners = readdirSync(installation.folder).map((name) => statSync(installation.path(name)).uid);
  expect(owners).toEqual(owners.map(() => NOBODY));
  expect(existsSync(`${installation.databasePath}.lock`)).toBe(true);
});

test.for<{ how: string; spoil: (path: string) => void; isPossible?: () => boolean }>([
  { how: 'is readable by others', spoil: (path) => chmodSync(path, 0o644) },
  {
    how: 'is a link',
    spoil: (path) => {
      renameSync(path, `${path}.other`);
      symlinkSync(`${path}.other`, path);
    },
  },
  {
    how: 'belongs to another user',
    spoil: (path) => chownSync(path, NOBODY, 0),
    isPossible: canGiveFilesAway,
  },
])('a control file that $how is not trusted', async ({ spoil, isPossible = () => true }, { skip }) => {
  if (!isPossible()) skip();
  const installation = new Installation();
  await installation.start();
  spoil(`${installation.databasePath}.control`);
  expect(await token(installation, 'create', 'ci')).toMatchObject({ code: 69, stdout: '' });
});

test.each([
  [200, '<html>'],
  [201, '{"token":"octo_mine"}'],
  [401, '{"code":"unauthorized"}'],
  [500, '{"code":"made_up"}'],
])('another server, which answers %d %s, is not mistaken for the right one', async (status, text) => {
  const other = createServer((_request, response) => response.writeHead(status).end(text));
  onTestFinished(() => void other.close());
  await once(other.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const installation = new Installation();
  await installation.start();
  writeFileSync(`${installation.databasePath}.control`, JSON.stringify({ url, key: 'k' }));
  const { code, stdout, stderr } = await token(installation, 'create', 'ci');
  expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
  expect(stderr).toMatch(/^octostore: The server [^\n]* cannot be reached\.[^\n]*\n$/);
});

test('the key of a killed server is deleted before the next one listens', async () => {
  const installation = new Installation();
  await (await installation.start()).kill('SIGKILL');
  const path = `${installation.databasePath}.control`;
  expect(existsSync(path)).toBe(true);
  const taken = createServer();
  onTestFinished(() => void taken.close());
  await once(taken.listen(0, '127.0.0.1'), 'listening');
  const { port } = taken.address() as AddressInfo;
  const { code } = await installation.run([], { BIND_ADDR: `127.0.0.1:${port}` });
  expect(code).not.toBe(0);
  expect(existsSync(path)).toBe(false);
});

test.each([true, false])(
  'an unknown id does not prevent the revocation of others (server: %s)',
  async (isRunning) => {
    const installation = await usedInstallation();
    await created(installation, 'ci');
    if (isRunning) await installation.start();
    const [facts] = await listed(installation, '--user', 'ci');
    const id = String(facts?.id);
    const { code, stdout, stderr } = await token(installation, 'revoke', '..', 'xyz', '', id);
    expect({ code, stdout }).toEqual({ code: 66, stdout: `Revoked ${id}.\n` });
    expect(stderr).toBe('octostore: There is no such token. Check its id. Unknown: .., xyz, \n');
  },
);

test.each([
  ['token_limit_exceeded', 75],
  ['shutting_down', 69],
  ['overloaded', 69],
  ['storage_low', 69],
  ['token_not_found', 66],
  ['internal_error', 1],
] as const)('a refusal with %s ends a command with exit code %d', (code, exitCode) => {
  expect(explain(new OctoStoreError(code)).exitCode).toBe(exitCode);
});

test('a commit that fails because the disk is full is reported as such', () => {
  const cause = Object.assign(new Error('SQLITE_FULL: database or disk is full'), { code: 'SQLITE_FULL' });
  const { exitCode, sentence } = explain(new OctoStoreError('store_unavailable', { cause }));
  expect(exitCode).toBe(73);
  expect(sentence).toContain('is full');
});
