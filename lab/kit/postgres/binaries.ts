import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const PROGRAMS = ['initdb', 'postgres', 'pg_ctl'] as const;

/** Where Debian keeps them, with a folder for each major version. */
const DEBIAN = '/usr/lib/postgresql';

/**
 * The folder with PostgreSQL's programs: the one that `POSTGRES_BIN` names, or else the newest that is installed. Installs them first
 * if possible. Null if there is none.
 */
export function findPrograms(): string | null {
  const chosen = process.env['POSTGRES_BIN'] ?? '';
  if (chosen !== '') return assertComplete(chosen);
  return installedPrograms() ?? (install() ? installedPrograms() : null);
}

/** Other programs than the chosen ones would test another version than was asked for. */
function assertComplete(folder: string): string {
  const missing = PROGRAMS.filter((program) => !isExecutable(join(folder, program)));
  if (missing.length === 0) return folder;
  throw new Error(`POSTGRES_BIN is ${folder}, which has no ${missing.join(', ')}. Name a folder with them.`);
}

function installedPrograms(): string | null {
  const newestFirst = versions().toSorted((one, other) => Number(other) - Number(one));
  const folders = [
    ...newestFirst.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.find(isComplete) ?? null;
}

function versions(): string[] {
  try {
    return readdirSync(DEBIAN);
  } catch {
    return [];
  }
}

function isComplete(folder: string): boolean {
  return PROGRAMS.every((program) => isExecutable(join(folder, program)));
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
