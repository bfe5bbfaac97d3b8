import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Settings } from '../../../src/bench/server/server-process.js';
import { at, nowMs } from '../../../src/process/time.js';
import { TOKENS } from './abused-server.js';

const ENDS_WITHIN_MS = 30_000;

interface Run {
  readonly main: string;
  readonly args?: readonly string[];
  readonly folder: string;
  readonly settings?: Settings;
  readonly stdio?: StdioOptions;
}

/** Standard streams without input and with discarded output. */
const SILENT: StdioOptions = ['ignore', 'ignore', 'ignore'];

/** Starts the program. It is killed when this process exits. */
export function start({ main, args = [], folder, settings = {}, stdio = SILENT }: Run): ChildProcess {
  const env = { PATH: process.env['PATH'], STATIC_TOKENS: `honest:${TOKENS.honest}`, ...settings };
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, env, stdio });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
}

/** Resolves with the exit code. Null if a signal ended it, such as the kill after a long time. */
export async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const cancel = at(nowMs() + ENDS_WITHIN_MS, () => child.kill('SIGKILL'));
  const [code] = (await once(child, 'exit')) as [number | null];
  cancel();
  return code;
}

/** Runs a command of the program. Resolves with its exit code. */
export function run(command: Run): Promise<number | null> {
  return ended(start(command));
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
