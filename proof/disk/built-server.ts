import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { USER_TOKEN } from './http-client.js';
import { DATABASE_NAME } from './shim.js';

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

const STARTS_WITHIN_MS = 30_000;
const ENDS_WITHIN_MS = 30_000;

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The built program on a database in `folder`. */
export class BuiltServer {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  output = '';

  constructor(folder: string, environment: Readonly<Record<string, string>>) {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run "npm run build" first`);
    this.#child = spawn(process.execPath, [MAIN], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        BIND_ADDR: '127.0.0.1:0',
        DATABASE_URL: join(folder, DATABASE_NAME),
        STATIC_TOKENS: `proof:${USER_TOKEN}`,
        LOG_FORMAT: 'json',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this.#child);
    const keep = (bytes: Buffer): void => void (this.output += bytes.toString());
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#exited = once(this.#child, 'close').then(([code]: unknown[]) => {
      running.delete(this.#child);
      return code as number | null;
    });
  }

  /** Resolves with the server's address when it is ready; null if it ends before that. */
  async ready(): Promise<string | null> {
    const url = new Promise<string>((resolve) => {
      this.#child.stdout?.on('data', () => {
        const match = /"url":"([^"]+)"/.exec(this.output);
        if (match?.[1] !== undefined) resolve(match[1]);
      });
    });
    return this.#inTime('started', STARTS_WITHIN_MS, Promise.race([url, this.#exited.then(() => null)]));
  }

  /** Resolves with the exit code when the server ends by itself. */
  ended(): Promise<number | null> {
    return this.#inTime('ended', ENDS_WITHIN_MS, this.#exited);
  }

  /** Stops the server in order and returns its exit code. */
  stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.ended();
  }

  async #inTime<T>(what: string, ms: number, result: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        this.#child.kill('SIGKILL');
        reject(new Error(`The server has not ${what} within ${ms} ms.\n${this.output.slice(-2000)}`));
      }, ms);
    });
    return Promise.race([result, tooLate]).finally(() => clearTimeout(timer));
  }
}
