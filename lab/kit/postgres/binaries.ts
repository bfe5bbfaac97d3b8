import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const PROGRAMS = ['initdb', 'postgres', 'pg_ctl'] as const;

/** Where Debian keeps them, with a folder for each major version. */
const DEBIAN = '/usr/lib/postgresql';

/** The folder with PostgreSQL's programs, installed first if possible. Null if there is none. */
export function findPrograms(): string | null {
  return installedPrograms() ?? (install() ? installedPrograms() : null);
}

function installedPrograms(): string | null {
  const newestFirst = versions().toSorted((one, other) => Number(other) - Number(one));
  const folders = [
    ...newestFirst.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.find((folder) => PROGRAMS.every((program) => isExecutable(join(folder, program)))) ?? null;
}

function versions(): string[] {
  try {
    return readdirSync(DEBIAN);
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs PostgreSQL where Debian's package manager can. Returns whether it did. */
function install(): boolean {
  if (process.getuid?.() !== 0 || !isExecutable('/usr/bin/apt-get')) return false;
  console.log('Installing PostgreSQL for the tests');
  return aptGet('update', '-qq') && aptGet('install', '-y', '-qq', '--no-install-recommends', 'postgresql');
}

function aptGet(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('/usr/bin/apt-get', args, { env, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}
