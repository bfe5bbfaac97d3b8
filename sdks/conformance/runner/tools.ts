import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Language } from './languages.js';

/** Where the output of commands goes. */
type Write = (text: string) => void;

/** Installs the tools that an SDK needs, where possible. Throws if any are still missing. */
export async function installTools({ name, tools }: Language, write: Write): Promise<void> {
  const missing = Object.entries(tools).filter(([tool]) => !isInstalled(tool));
  if (missing.length === 0) return;
  const packages = missing.flatMap(([, debian]) => debian?.split(' ') ?? []);
  if (packages.length > 0 && isInstalled('apt-get') && process.getuid?.() === 0) {
    write(`${name}: installing ${packages.join(', ')}\n`);
    const environment = { DEBIAN_FRONTEND: 'noninteractive' };
    await run(['apt-get', 'update', '-qq'], '/', write, environment);
    const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages];
    await run(install, '/', write, environment);
  }
  const lacking = missing.filter(([tool]) => !isInstalled(tool));
  if (lacking.length === 0) return;
  const how = lacking.map(([tool, debian]) => (debian === null ? tool : `${tool} (Debian: ${debian})`));
  throw new Error(`The SDK for ${name} needs tools that are not installed: ${how.join(', ')}.`);
}

/** Builds an SDK with its driver. Throws if that fails. */
export async function build({ build: commands, folder }: Language, write: Write): Promise<void> {
  for (const command of commands) await run(command, folder, write);
}

/** Runs the SDK's own tests, with a server in their environment. Throws if one fails. */
export async function test(
  { test: commands, folder }: Language,
  write: Write,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  for (const command of commands) await run(command, folder, write, environment);
}

async function run(
  [program = '', ...args]: readonly string[],
  cwd: string,
  write: Write,
  environment?: NodeJS.ProcessEnv,
): Promise<void> {
  const shown = [program, ...args].join(' ');
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(program, args, { cwd, stdio: [...stdio], env: { ...process.env, ...environment } });
  for (const output of [child.stdout, child.stderr]) output?.setEncoding('utf8').on('data', write);
  try {
    await once(child, 'close');
  } catch (error) {
    throw new Error(`${shown}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (child.exitCode !== 0) throw new Error(`${shown} failed in ${cwd}`);
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
