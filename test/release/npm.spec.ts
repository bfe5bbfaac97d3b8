import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFolder, testFolder } from '../support/temp-folder.js';
import { artefacts } from '../../scripts/release/paths.mjs';
import { accessTo, expectConsole, expectDocs, expectGuarded, fencingTokenOf, Journey } from './journey.js';

const tarball = artefacts.npm;

/**
 * A folder with the package, installed by npm. Compiling SQLite takes minutes, so this uses the one of the repository;
 * `npm run check:full` installs it as its user does.
 */
function installed(): string {
  const { path, remove } = makeFolder();
  onTestFinished(remove);
  const install = ['install', '--silent', '--ignore-scripts', '--no-audit', '--no-fund', tarball];
  execFileSync('npm', install, { cwd: path, stdio: 'pipe' });
  cpSync(resolve('node_modules/sqlite3/build'), join(path, 'node_modules/sqlite3/build'), {
    recursive: true,
  });
  return path;
}

test('the installed package serves, makes tokens and runs commands under locks', async () => {
  const folder = installed();
  const main = join(folder, 'node_modules/.bin/octostore');
  const own = new Journey([process.execPath, main]);
  const server = await own.start();
  await expectDocs(server.url);
  await expectConsole(server.url);
  const access = accessTo(server.url, await own.createToken('ada'));
  await fencingTokenOf(own, access);
  await expectGuarded(own, access, server.url);
  await own.succeed(['backup', own.path('copy.db')]);
});

test('it has one dependency, and everything else inside', () => {
  const folder = unpacked();
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const locked = JSON.parse(readFileSync('node_modules/sqlite3/package.json', 'utf8')) as { version: string };
  expect(manifest).toMatchObject({ name: 'octostore', dependencies: { sqlite3: locked.version } });
  expect(manifest).not.toHaveProperty('private');
  expect(manifest).not.toHaveProperty('scripts');
  expect(readdirSync(folder).toSorted()).toEqual([
    '.env.example',
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'THIRD-PARTY.txt',
    'assets',
    'dist',
    'package.json',
  ]);
});

test('its source map names no file of the machine that built it', () => {
  const map = JSON.parse(readFileSync(join(unpacked(), 'dist/octostore.cjs.map'), 'utf8')) as {
    sources: string[];
  };
  expect(map.sources.filter((source) => source.startsWith('/'))).toEqual([]);
  expect(readFileSync(join(unpacked(), 'dist/octostore.cjs'), 'utf8')).not.toContain(resolve('.'));
});

test('the packages of the SDK can be installed beside it', () => {
  const folder = testFolder();
  const sdk = tarball.replace('octostore-', 'octostore-client-');
  execFileSync('npm', ['install', '--silent', '--ignore-scripts', '--no-audit', '--no-fund', sdk], {
    cwd: folder,
    stdio: 'pipe',
  });
  const script = `import { OctoStoreClient } from '@octostore/client'; console.log(typeof OctoStoreClient)`;
  writeFileSync(join(folder, 'use.mjs'), script);
  expect(execFileSync(process.execPath, ['use.mjs'], { cwd: folder, encoding: 'utf8' })).toBe('function\n');
});

function unpacked(): string {
  const folder = testFolder();
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  return join(folder, 'package');
}
