import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { Installation, type Finished } from '../support/process.js';
import { makeFolder } from '../support/temp-folder.js';
import { changeDatabase, queryDatabase } from './database.js';

const PAGE_BYTES = 4096;

/** An unprivileged user for tests that run as root, because file modes do not stop root. */
const UNPRIVILEGED = process.getuid?.() === 0 ? { uid: 65_534 } : {};

/** The files of a stopped server and of a killed one. The killed one has a log beside its database. */
const folders = { stopped: makeFolder(), killed: makeFolder() };
let isFilled = false;
afterAll(() => {
  folders.stopped.remove();
  folders.killed.remove();
});

/** Stores locks and a session, and ends the server. */
async function fill(installation: Installation, prefix: string, signal: NodeJS.Signals): Promise<void> {
  const server = await installation.start();
  for (let number = 0; number < 20; number += 1) {
    const body = { ttl_seconds: 3600, metadata: 'x'.repeat(500) };
    expect((await server.alice.post(`/locks/${prefix}/${number}/acquire`, body)).status).toBe(200);
  }
  expect((await server.alice.post('/sessions', {})).status).toBe(201);
  await server.kill(signal);
}

/** A copy of those files to damage, with an intact backup in `backup.db`. */
async function copyOf(which: keyof typeof folders): Promise<Installation> {
  if (!isFilled) {
    await fill(new Installation({}, folders.stopped.path), 'early', 'SIGTERM');
    cpSync(folders.stopped.path, folders.killed.path, { recursive: true });
    await fill(new Installation({}, folders.killed.path), 'late', 'SIGKILL');
    isFilled = true;
  }
  const installation = new Installation();
  cpSync(folders[which].path, installation.folder, { recursive: true });
  cpSync(`${folders.stopped.path}/octostore.db`, installation.path('backup.db'));
  return installation;
}

type Damage = (path: string) => void | Promise<void>;

function overwrite(path: string, from: number, to: number): void {
  writeFileSync(path, readFileSync(path).fill(0x5a, from, to));
}

/** Overwrites the first page of a table with garbage. */
async function spoilTable(path: string, table: string): Promise<void> {
  const [root] = await queryDatabase<{ page: number }>(
    path,
    `select rootpage as page from sqlite_master where name = '${table}'`,
  );
  const end = (root?.page ?? 0) * PAGE_BYTES;
  overwrite(path, end - PAGE_BYTES, end);
}

function replaceByFolder(path: string): void {
  rmSync(path, { force: true });
  mkdirSync(path);
}

async function replaceByDatabase(path: string, sql: string): Promise<void> {
  rmSync(path);
  await changeDatabase(path, sql);
}

const LOG_IS_FOLDER = /octostore\.db-wal is not a file\. Move it away/;

const DAMAGED = /octostore\.db is not a database, or it is damaged\. Restore a backup/;

/** What each damage does, and what the start of the server says about it. */
const DAMAGES: readonly (readonly [
  name: string,
  which: keyof typeof folders,
  damage: Damage,
  expected: RegExp,
])[] = [
  ['cut off in the first page', 'stopped', (path) => truncateSync(path, 50), DAMAGED],
  ['cut off after the first page', 'stopped', (path) => truncateSync(path, PAGE_BYTES), DAMAGED],
  [
    'cut off by its last page',
    'stopped',
    (path) => truncateSync(path, statSync(path).size - PAGE_BYTES),
    DAMAGED,
  ],
  ['cut to nothing', 'killed', (path) => truncateSync(path, 0), /octostore\.db is damaged: it is empty/],
  ['with a header of garbage', 'stopped', (path) => overwrite(path, 0, 100), DAMAGED],
  ['with nothing but a header', 'stopped', (path) => overwrite(path, 100, statSync(path).size), DAMAGED],
  ['with a page of garbage in the middle', 'stopped', (path) => spoilTable(path, 'leases'), DAMAGED],
  ['that is text', 'stopped', (path) => writeFileSync(path, 'This is no database. '.repeat(100)), DAMAGED],
  ['that is a folder', 'stopped', replaceByFolder, /octostore\.db is not a file\. Move it away/],
  ['whose log is a folder', 'stopped', (path) => replaceByFolder(`${path}-wal`), LOG_IS_FOLDER],
  [
    'of another program',
    'stopped',
    (path) => replaceByDatabase(path, 'create table things (x)'),
    /octostore\.db is the database of another program\. Set DATABASE_URL to another file/,
  ],
  [
    'of another program that has migrations as well',
    'stopped',
    (path) => replaceByDatabase(path, "create table migrations (x); insert into migrations values ('one')"),
    /octostore\.db is the database of another program/,
  ],
  [
    'without the row that counts',
    'stopped',
    (path) => changeDatabase(path, 'delete from server'),
    /octostore\.db is damaged: the row of the table "server" is missing\. Restore a backup/,
  ],
];

/** The message of a command that refuses. It is one line that says what happened and what to do, not a bare SQLite error. */
function refusalOf({ code, stdout, stderr }: Finished): string {
  expect({ code, stdout }).toEqual({ code: 73, stdout: '' });
  expect(stderr).toMatch(/^octostore: (?!SQLITE_)[^\n]*\w\. [A-Z][^\n]*\.\n$/);
  return stderr;
}

function expectRestored({ code, stdout, stderr }: Finished): void {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Restored /);
}

/** Runs the commands that use the database, one after the other. */
async function refusalsOf(installation: Installation, ...commands: string[][]): Promise<string[]> {
  const refusals: string[] = [];
  for (const args of commands) refusals.push(refusalOf(await installation.run(args)));
  return refusals;
}

test.each(DAMAGES)('every command refuses a database %s', async (_, which, damage, expected) => {
  const installation = await copyOf(which);
  await damage(installation.databasePath);
  const commands = [[], ['token', 'list'], ['backup', 'copy.db']];
  const [start, list] = await refusalsOf(installation, ...commands);
  expect(start).toMatch(expected);
  expect(list).toBe(start);

  const restored = await installation.run(['restore', 'backup.db']);
  if (statSync(installation.databasePath).isFile() && expected !== LOG_IS_FOLDER) expectRestored(restored);
  else expect(refusalOf(restored)).toMatch(expected);
});

test.each(DAMAGES)('a backup %s is refused, and nothing is changed', async (_, which, damage) => {
  const installation = await copyOf(which);
  const backup = installation.path('copied/octostore.db');
  mkdirSync(installation.path('copied'));
  for (const suffix of ['', '-wal']) {
    const from = `${folders[which].path}/octostore.db${suffix}`;
    if (existsSync(from)) cpSync(from, `${backup}${suffix}`);
  }
  await damage(backup);
  const before = readFileSync(installation.databasePath);
  expect(refusalOf(await installation.run(['restore', backup]))).toContain(backup);
  expect(readFileSync(installation.databasePath)).toEqual(before);
});

test('a restored server continues above every fencing token that it may have issued', async () => {
  const installation = await copyOf('killed');
  truncateSync(installation.databasePath, PAGE_BYTES);
  expectRestored(await installation.run(['restore', 'backup.db']));
  const { alice } = await installation.start();
  const { status, body } = await alice.post('/locks/new/acquire', { ttl_seconds: 60 });
  expect(status).toBe(200);
  expect(body['fencing_token']).toBeGreaterThan(2 ** 32);
});

test.each([
  ['users', "update users set login = x'00'"],
  ['leases', "update leases set deadline = 'none'"],
  ['cursors', "insert or replace into cursors values ('webhooks', 'none')"],
])('an invalid row in the table %s stops the start', async (table, change) => {
  const installation = await copyOf('stopped');
  await changeDatabase(installation.databasePath, change);
  const refusals = await refusalsOf(installation, [], ['token', 'list']);
  for (const refusal of refusals) {
    expect(refusal).toContain(`octostore.db is damaged: a row of the table "${table}" is not valid.`);
  }
});

test('a backup finds a damaged page that the start does not read', async () => {
  const installation = await copyOf('stopped');
  await spoilTable(installation.databasePath, 'deliveries');
  expect(refusalOf(await installation.run(['backup', 'copy.db']))).toMatch(DAMAGED);
  expect(existsSync(installation.path('copy.db'))).toBe(false);
});

test('every command refuses a database or a backup that it may not read', async () => {
  const installation = await copyOf('stopped');
  chmodSync(installation.folder, 0o777);
  for (const name of readdirSync(installation.folder)) chmodSync(installation.path(name), 0o666);
  const run = (...args: string[]): Promise<Finished> => installation.launch(args, {}, UNPRIVILEGED).finish();
  chmodSync(installation.path('backup.db'), 0o000);
  expect(refusalOf(await run('restore', 'backup.db'))).toMatch(/cannot read \S*backup\.db/);
  chmodSync(installation.databasePath, 0o000);
  expect(refusalOf(await run())).toMatch(/cannot read and write \S*octostore\.db/);
  expect(refusalOf(await run('token', 'list'))).toMatch(/cannot read and write /);
  expect(refusalOf(await run('backup', 'copy.db'))).toMatch(/cannot read \S*octostore\.db/);
});

test('an unusable file beside the database is named', async () => {
  const installation = await copyOf('stopped');
  writeFileSync(`${installation.databasePath}.lock`, 'This is no lock. '.repeat(100));
  expect(refusalOf(await installation.run([]))).toMatch(
    /octostore\.db\.lock is damaged\. Stop every process/,
  );
  rmSync(`${installation.databasePath}.lock`);
  replaceByFolder(`${installation.databasePath}.key`);
  const { code, stderr } = await installation.run([]);
  expect(code).toBe(78);
  expect(stderr).toMatch(/SECRET_KEY: is not set, and .*octostore\.db\.key cannot be read \(EISDIR\)/);
});
