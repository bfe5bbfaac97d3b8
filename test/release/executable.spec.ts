import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { VERSION } from '../../src/version.js';
import { artefacts } from '../../scripts/release/paths.mjs';
import { accessTo, expectConsole, expectDocs, expectGuarded, fencingTokenOf, Journey } from './journey.js';

const executable = artefacts.executable;

function journey(settings = {}): Journey {
  return new Journey([executable], settings);
}

test('the executable has fewer than 130 MB', () => {
  expect(statSync(executable).size).toBeLessThan(130e6);
});

test('it serves, makes tokens, runs commands under locks, backs up and restores', async () => {
  const own = journey();
  const server = await own.start();
  await expectDocs(server.url);
  await expectConsole(server.url);
  const access = accessTo(server.url, await own.createToken('ada'));
  const before = await fencingTokenOf(own, access);
  await expectGuarded(own, access, server.url);
  await own.succeed(['backup', own.path('copy.db')]);
  await server.kill('SIGTERM');
  await own.succeed(['restore', own.path('copy.db')]);
  const again = await own.start();
  expect(await fencingTokenOf(own, accessTo(again.url, access['OCTOSTORE_TOKEN'] ?? ''))).toBeGreaterThan(
    before,
  );
});

test('commands that need no server', async () => {
  const own = journey();
  expect(await own.succeed(['--version'])).toBe(`${VERSION}\n`);
  expect(await own.succeed(['completion', 'bash'])).toContain('-F _octostore octostore');
  expect(await own.succeed(['help'])).toContain('octostore');
  // They leave nothing behind.
  expect(readdirSync(own.folder)).toEqual([]);
});

test('bench starts a server and a load generator of its own', async () => {
  const bench = [
    'bench',
    '--workload',
    'acquire-release',
    '--concurrency',
    '2',
    '--duration',
    '1',
    '--warmup',
    '0',
  ];
  const report = await journey({ DATABASE_URL: undefined }).succeed(bench);
  expect(report).toContain('acquire-release');
});

test('SIGUSR1 opens no debugger, and options of Node in the environment change nothing', async () => {
  const server = await journey({ NODE_OPTIONS: '--inspect=127.0.0.1:0' }).start();
  process.kill(server.program.pid, 'SIGUSR1');
  await fetch(`${server.url}/health`);
  expect(server.program.stderr).toBe('');
});

test('nothing stays in the temporary folder', async () => {
  const own = journey();
  const temporary = own.path('tmp');
  mkdirSync(temporary);
  await own.start({ TMPDIR: temporary });
  expect(readdirSync(temporary)).toEqual([]);
});

test('without a usable temporary folder, it says what to set', async () => {
  const own = journey();
  const { code, stderr } = await own.run(['serve'], { TMPDIR: own.path('missing') });
  expect(code).toBe(73);
  expect(stderr).toMatch(
    /^octostore: OctoStore cannot load SQLite from a file in \S+\/missing .*Set TMPDIR to/,
  );
});
