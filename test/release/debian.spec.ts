import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VERSION } from '../../src/version.js';
import { testFolder } from '../support/temp-folder.js';
import { artefacts } from '../../scripts/release/paths.mjs';
import { Journey } from './journey.js';

const debian = artefacts.debian;

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe' });
}

function unpacked(): string {
  const folder = testFolder();
  run('dpkg-deb', ['--extract', debian, folder]);
  return folder;
}

test('it names its version, and what it needs from the system', () => {
  expect(run('dpkg-deb', ['--field', debian, 'Version'])).toBe(`${VERSION}-1\n`);
  expect(run('dpkg-deb', ['--field', debian, 'Depends'])).toMatch(
    /^libc6 \(>= 2\.\d+\), libgcc-s1, libstdc\+\+6, passwd$/m,
  );
});

test('all of its files belong to root, and only root can write to them', () => {
  const lines = run('dpkg-deb', ['--contents', debian]).trim().split('\n');
  for (const line of lines) expect(line).toMatch(/^[-d]rw[-x]r-[-x]r-[-x] root\/root /);
});

test('its settings are those of .env.example, for this machine only', () => {
  const settings = readFileSync(join(unpacked(), 'etc/octostore/octostore.env'), 'utf8').split('\n');
  expect(settings).toEqual(
    expect.arrayContaining(['BIND_ADDR=127.0.0.1:3000', 'DATABASE_URL=/var/lib/octostore/octostore.db']),
  );
  const example = readFileSync('.env.example', 'utf8').split('\n');
  const changed = settings.filter((line) => !line.startsWith('# ') && !example.includes(line));
  expect(changed).toHaveLength(2);
});

test('the program accepts the settings as they are', async () => {
  const folder = unpacked();
  const own = new Journey([join(folder, 'usr/bin/octostore')], { BIND_ADDR: '127.0.0.1:0' });
  const program = own.launch(['serve', '--env-file', join(folder, 'etc/octostore/octostore.env')]);
  await program.printed(/"url":"http:\/\/127\.0\.0\.1:/);
  expect(program.stderr).toBe('');
});

test('the unit is as closed as it can be, and systemd accepts all of it', () => {
  const unit = join(unpacked(), 'lib/systemd/system/octostore.service');
  const report = run('systemd-analyze', ['security', '--offline=true', '--threshold=25', unit]);
  expect(report).toMatch(/Overall exposure level for octostore\.service: [0-2]\.\d/);
});
