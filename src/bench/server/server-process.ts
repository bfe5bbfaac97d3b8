import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { at, nowMs, type CancelTimer } from '../../process/time.js';
import { commandOf, ownCommand, type CommandStart } from '../../program/own-processes.js';
import { addressOf, type Address } from '../load/address.js';

/** Another build of the program to start. Undefined to start this one. */
const OTHER_BUILD = process.env['OCTOSTORE_MAIN'];

const ENDS_WITHIN_MS = 30_000;
const OUTPUT_KEPT = 4000;

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export type Settings = Readonly<Record<string, string>>;

export interface ServerStart {
  /** The program's entry file, or an executable. By default, the one that `OCTOSTORE_MAIN` names, or this program itself. */
  readonly main?: string;
  /** The working directory, and the folder of the database unless the settings name another. */
  readonly folder: string;
  readonly settings: Settings;
  /** How many characters of the output to keep, from the end. */
  readonly outputKept?: number;
}

/** A server process on a free port of this machine. It does not outlive this process. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  readonly #outputKept: number;
  #output = '';
  #onOutput = (): void => undefined;

  constructor({ main = OTHER_BUILD, folder, settings, outputKept = OUTPUT_KEPT }: ServerStart) {
    this.#outputKept = outputKept;
    const [file, ...args] = commandToStart(main);
    this.#child = spawn(file, args, {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        BIND_ADDR: '127.0.0.1:0',
        DATABASE_URL: join(folder, 'octostore.db'),
        LOG_FORMAT: 'json',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this.#child);
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    // `close` instead of `exit`, because by then all output has arrived.
    this.#exited = once(this.#child, 'close').then(([code]: unknown[]) => {
      running.delete(this.#child);
      return code as number | null;
    });
  }

  /** The process id. Throws if the server could not be started. */
  get id(): number {
    if (this.#child.pid === undefined) throw new Error('the server does not run');
    return this.#child.pid;
  }

  /** Null while the server runs, and if a signal ended it. */
  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The end of its output. */
  get output(): string {
    return this.#output;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /**
   * Resolves with the address when the server is ready, or with null if it exits first. If neither happens in time, kills it
   * and throws.
   */
  ready(withinMs: number): Promise<Address | null> {
    const announced = new Promise<Address>((resolve) => {
      this.#onOutput = () => {
        const url = /"url":"(http:[^"]+)"/.exec(this.#output)?.[1];
        if (url !== undefined) resolve(addressOf(url));
      };
    });
    this.#onOutput();
    return this.#inTime('become ready', withinMs, Promise.race([announced, this.#exited.then(() => null)]));
  }

  /**
   * Resolves with the exit code, or with null for a signal, when the server has ended. If that takes too long, kills it and
   * throws.
   */
  ended(): Promise<number | null> {
    return this.#inTime('end', ENDS_WITHIN_MS, this.#exited);
  }

  /** Kills the server. Resolves when it has ended. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#exited;
  }

  #read(text: string): void {
    this.#output = (this.#output + text).slice(-this.#outputKept);
    this.#onOutput();
  }

  async #inTime<T>(what: string, ms: number, result: Promise<T>): Promise<T> {
    let cancel: CancelTimer | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      cancel = at(nowMs() + ms, () => {
        this.signal('SIGKILL');
        reject(new Error(`the server did not ${what} within ${ms} ms\n${this.#output}`));
      });
    });
    return Promise.race([result, tooLate]).finally(() => cancel?.());
  }
}

function commandToStart(build: string | undefined): CommandStart {
  const command = build === undefined ? ownCommand() : commandOf(build);
  const missing = command.find((file) => !existsSync(file));
  if (missing !== undefined) throw new Error(`${missing} is missing: run "npm run build" first`);
  return command;
}
