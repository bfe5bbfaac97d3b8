import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import { Installation, MAIN, SOON, type ServerProcess } from '../support/process.js';

const NEWCOMER = { STATIC_TOKENS: undefined, ADMIN_KEY: undefined };
const TOKEN = /octo_[0-9A-Za-z]{38}/;

function fileOf(installation: Installation): string {
  return `${installation.databasePath}.first-token`;
}

function lockAs(token: string, { url }: ServerProcess): Promise<number> {
  return new Client(url, token).get('/locks').then(({ status }) => status);
}

/** Starts a server and waits until it has logged where the token is. */
async function startWithTokenFile(installation: Installation): Promise<ServerProcess> {
  const server = await installation.start();
  await server.program.printed(/"file":"[^"]+\.first-token"/);
  return server;
}

test('without a terminal, the first token is in a file that only its owner can read, until it is used', async () => {
  const installation = new Installation(NEWCOMER);
  const path = fileOf(installation);
  const first = await startWithTokenFile(installation);
  expect((lstatSync(path).mode & 0o777).toString(8)).toBe('600');
  const token = readFileSync(path, 'utf8').trim();
  expect(token).toMatch(TOKEN);
  expect(await lockAs(`${token}x`, first)).toBe(401);
  expect(existsSync(path)).toBe(true);
  await first.kill();

  const second = await startWithTokenFile(installation);
  expect(readFileSync(path, 'utf8').trim()).toBe(token);
  expect(await lockAs(token, second)).toBe(200);
  await expect.poll(() => existsSync(path), SOON).toBe(false);
  await second.kill('SIGTERM');

  const third = await installation.start();
  expect(await lockAs(token, third)).toBe(200);
  await third.kill('SIGTERM');
  for (const { program } of [first, second, third]) expect(program.output).not.toMatch(TOKEN);
  expect(third.program.output).not.toContain('first-token');
});

test('a file with an invalid token is removed at the start', async () => {
  const installation = new Installation();
  writeFileSync(fileOf(installation), 'octo_nobody\n', { mode: 0o600 });
  const server = await installation.start();
  await expect.poll(() => existsSync(fileOf(installation)), SOON).toBe(false);
  await server.kill('SIGTERM');
});

test('a link in place of the file is replaced, not followed', async () => {
  const installation = new Installation(NEWCOMER);
  const elsewhere = installation.path('elsewhere');
  writeFileSync(elsewhere, 'untouched');
  symlinkSync(elsewhere, fileOf(installation));
  symlinkSync(elsewhere, `${fileOf(installation)}.unfinished`);
  const server = await startWithTokenFile(installation);
  expect(readFileSync(elsewhere, 'utf8')).toBe('untouched');
  expect(lstatSync(fileOf(installation)).isFile()).toBe(true);
  expect(await lockAs(readFileSync(fileOf(installation), 'utf8').trim(), server)).toBe(200);
  await server.kill('SIGTERM');
});

test('on a terminal the token is shown there and is not in a file', async () => {
  const installation = new Installation(NEWCOMER);
  const command = `${process.execPath} ${MAIN}`;
  const child = spawn('script', ['-qfec', command, '/dev/null'], {
    cwd: installation.folder,
    env: { PATH: process.env['PATH'], BIND_ADDR: '127.0.0.1:0', DATABASE_URL: installation.databasePath },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
  await expect.poll(() => screen, { timeout: 60_000 }).toMatch(/Its token is shown only once:\s+octo_/);
  expect(existsSync(fileOf(installation))).toBe(false);
  child.kill('SIGTERM');
});
