import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished, vi } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import { commandOf, type CommandStart } from '../../src/program/own-processes.js';
import { bundle } from '../../scripts/release/paths.mjs';
import { testFolder } from './temp-folder.js';

/**
 * The program as it is released: in one file, which also starts in half the time. `OCTOSTORE_MAIN` names another build, which can be an
 * executable.
 */
export const MAIN = process.env['OCTOSTORE_MAIN'] ?? bundle;

/** The users that every server knows, with their tokens. */
export const ALICE = 'token-of-alice-000001';
export const BOB = 'token-of-bob-00000002';
export const ADMIN_KEY = 'the-admin-key-of-tests';

/** A start takes about a second, but a busy machine may need far longer. */
const READY_WITHIN_MS = 60_000;

vi.setConfig({ testTimeout: 6 * READY_WITHIN_MS });

/** For results that should come within moments, which may be long on a busy machine. */
export const SOON = { timeout: 30_000 } as const;

export type Settings = Readonly<Record<string, string | undefined>>;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Finished extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

interface SpawnAs {
  /** Another user to run as. Only root can do this. */
  readonly uid?: number;
  /** What to start instead of the built program. */
  readonly command?: CommandStart;
}

/** What must be removed even if the tests themselves are stopped. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** One process of the built program. It ends with its test at the latest. */
export class Program {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';
  hasExited = false;

  constructor(args: readonly string[], folder: string, settings: Settings, as: SpawnAs = {}) {
    const { uid, command = commandOf(MAIN) } = as;
    const missing = command.find((path) => !existsSync(path));
    if (missing !== undefined) throw new Error(`${missing} is missing: run "npm run build" first`);
    const [file, ...before] = command;
    this.#child = spawn(file, [...before, ...args], {
      cwd: folder,
      // The environment of the test runner must not change what the tests show.
      env: { PATH: process.env['PATH'], ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    // `close`, not `exit`: by then all output has arrived.
    this.exited = once(this.#child, 'close').then(([code, signal]: unknown[]) => {
      this.hasExited = true;
      return { code: code as Exit['code'], signal: signal as Exit['signal'] };
    });
    running.add(this.#child);
    onTestFinished(async () => {
      this.#child.kill('SIGKILL');
      await this.exited;
      running.delete(this.#child);
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the program could not be started');
    return this.#child.pid;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sends a signal and resolves when the process has ended. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    this.signal(signal);
    return this.exited;
  }

  /** Resolves when the process ends on its own. Fails, and kills it, if that takes longer than `withinMs`. */
  async finish(withinMs = READY_WITHIN_MS): Promise<Finished> {
    const exit = await within(withinMs, this.exited, () => {
      this.signal('SIGKILL');
      return `the program had not ended after ${withinMs} ms\n${this.output}`;
    });
    return { ...exit, stdout: this.stdout, stderr: this.stderr };
  }

  /** Resolves with the first match on stdout. Fails when the process ends without it. */
  async printed(pattern: RegExp, withinMs = READY_WITHIN_MS): Promise<RegExpExecArray> {
    const found = new Promise<RegExpExecArray>((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(this.stdout);
        if (match !== null) resolve(match);
      };
      this.#child.stdout.on('data', look);
      look();
      void this.exited.then(() => reject(new Error(`the program ended too early\n${this.output}`)));
    });
    return within(withinMs, found, () => `nothing matched ${pattern} in ${withinMs} ms\n${this.output}`);
  }

  /** Everything that was printed, for error messages. */
  get output(): string {
    return `--- stdout\n${this.stdout}\n--- stderr\n${this.stderr}`;
  }
}

/** A server that is ready. */
export class ServerProcess {
  constructor(
    readonly program: Program,
    readonly url: string,
  ) {}

  get alice(): Client {
    return new Client(this.url, ALICE);
  }

  get bob(): Client {
    return new Client(this.url, BOB);
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    return this.program.kill(signal);
  }
}

/** A folder with a database, in which a test can run the built program any number of times. */
export class Installation {
  readonly folder: string;
  readonly #settings: Settings;
  readonly #command: CommandStart;

  /** @param settings in addition to the defaults of tests; `undefined` unsets one. */
  constructor(
    settings: Settings = {},
    folder: string = testFolder(),
    command: CommandStart = commandOf(MAIN),
  ) {
    this.folder = folder;
    this.#command = command;
    this.#settings = {
      BIND_ADDR: '127.0.0.1:0',
      DATABASE_URL: join(folder, 'octostore.db'),
      STATIC_TOKENS: `alice:${ALICE},bob:${BOB}`,
      ADMIN_KEY,
      LOG_FORMAT: 'json',
      ...settings,
    };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  get databasePath(): string {
    return this.#settings['DATABASE_URL'] ?? this.path('octostore.db');
  }

  /** Starts the program with these arguments, without waiting. */
  launch(args: readonly string[] = [], settings: Settings = {}, as: SpawnAs = {}): Program {
    const started = { command: this.#command, ...as };
    return new Program(args, this.folder, { ...this.#settings, ...settings }, started);
  }

  /** Runs the program to its end. */
  run(args: readonly string[], settings: Settings = {}): Promise<Finished> {
    return this.launch(args, settings).finish();
  }

  /** Starts the server and waits until it is ready. */
  async start(settings: Settings = {}): Promise<ServerProcess> {
    const program = this.launch([], settings);
    const [, url] = await program.printed(/"url":"([^"]+)"/);
    return new ServerProcess(program, url ?? '');
  }
}

async function within<T>(ms: number, result: Promise<T>, describe: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(describe())), ms);
  });
  return Promise.race([result, tooLate]).finally(() => clearTimeout(timer));
}
