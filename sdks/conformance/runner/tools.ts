import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Language } from './languages.js';

/** Installs the tools that an SDK needs, where possible. Throws if any are still missing. */
export function installTools({ name, tools }: Language): void {
  const missing = Object.entries(tools).filter(([tool]) => !isInstalled(tool));
  if (missing.length === 0) return;
  const packages = missing.flatMap(([, debian]) => debian?.split(' ') ?? []);
  if (packages.length > 0 && isInstalled('apt-get') && process.getuid?.() === 0) {
    console.log(`${name}: installing ${packages.join(', ')}`);
    const environment = { DEBIAN_FRONTEND: 'noninteractive' };
    run(['apt-get', 'update', '-qq'], '/', environment);
    run(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages], '/', environment);
  }
  const lacking = missing.filter(([tool]) => !isInstalled(tool));
  if (lacking.length === 0) return;
  const how = lacking.map(([tool, debian]) => (debian === null ? tool : `${tool} (Debian: ${debian})`));
  throw new Error(`The SDK for ${name} needs tools that are not installed: ${how.join(', ')}.`);
}

/** Builds an SDK with its driver. Throws if that fails. */
export function build({ build: commands, folder }: Language): void {
  for (const command of commands) run(command, folder);
}

/** Runs the SDK's own tests, with a server in their environment. Throws if one fails. */
export function test({ test: commands, folder }: Language, environment: NodeJS.ProcessEnv): void {
  for (const command of commands) run(command, folder, environment);
}

function run([program = '', ...args]: readonly string[], cwd: string, environment?: NodeJS.ProcessEnv): void {
  const shown = [program, ...args].join(' ');
  const { status, error } = spawnSync(program, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  });
  if (error !== undefined) throw new Error(`${shown}: ${error.message}`);
  if (status !== 0) throw new Error(`${shown} failed in ${cwd}`);
}

function isInstalled(tool: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, tool)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
