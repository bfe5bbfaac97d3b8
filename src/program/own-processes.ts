import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { isExecutable, ownMain } from './own-files.js';

/** The processes that this program starts beside itself. Each is the program again, with this as its first argument. */
export const OWN_PROCESSES = ['__guardian', '__load-generator'] as const;

export type OwnProcess = (typeof OWN_PROCESSES)[number];

interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Whether it runs in a session of its own, where signals from a terminal do not reach it. */
  readonly detached?: boolean;
  /** For Node itself. The executable has its own, which were set when it was built. */
  readonly nodeArguments?: readonly string[];
}

/** What comes before the arguments of a command. */
export type CommandStart = readonly [file: string, ...args: string[]];

/** How to start this program again. */
export function ownCommand(nodeArguments: readonly string[] = []): CommandStart {
  return isExecutable ? [process.execPath] : [process.execPath, ...nodeArguments, ownMain()];
}

/** How to start another build of this program: an executable, or a file for Node. */
export function commandOf(build: string): CommandStart {
  return /\.c?js$/.test(build) ? [process.execPath, build] : [build];
}

/** Starts one of the program's own processes. It shares the standard streams, and exchanges messages with this process. */
export function startOwnProcess(name: OwnProcess, options: StartOptions = {}): ChildProcess {
  const { args = [], env = process.env, detached = false, nodeArguments = process.execArgv } = options;
  const [file, ...before] = ownCommand(nodeArguments);
  const stdio: StdioOptions = ['inherit', 'inherit', 'inherit', 'ipc'];
  return spawn(file, [...before, name, ...args], { env, detached, stdio });
}
