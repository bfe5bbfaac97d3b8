import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nowMs } from '../../test/support/real-time.js';
import type { Address } from '../../test/support/connection.js';
import { Outages } from './outages.js';

/** The program as it was built. */
export const BUILT_MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

const READY_WITHIN_MS = 30_000;

/** Output that is kept to explain an unexpected end. */
const OUTPUT_MAX = 4000;

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface ServerOptions {
  readonly main: string;
  readonly graceSeconds: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** The built server as a process with a database of its own, that can be paused, killed and started again. */
export class Server {
  readonly outages: Outages;
  readonly folder = mkdtempSync(join(tmpdir(), 'octostore-proof-'));
  readonly #options: ServerOptions;
  #process: ChildProcess | null = null;
  #address: Address | null = null;
  #output = '';
  #killedMs = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.outages = new Outages(options.graceSeconds * 1000);
  }

  get address(): Address {
    // While no server runs, nobody listens there.
    return this.#address ?? { host: '127.0.0.1', port: 1 };
  }

  get url(): string {
    return `http://${this.address.host}:${this.address.port}`;
  }

  /** Starts the server, on a free port, and waits until it is ready. */
  async start(): Promise<void> {
    const startedMs = nowMs();
    const { main, graceSeconds, settings } = this.#options;
    const child = spawn(process.execPath, [main], {
      cwd: this.folder,
      env: {
        PATH: process.env['PATH'],
        BIND_ADDR: '127.0.0.1:0',
        DATABASE_URL: join(this.folder, 'octostore.db'),
        LOG_FORMAT: 'json',
        RESTART_GRACE_SECONDS: String(graceSeconds),
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    this.#process = child;
    this.#address = await this.#ready(child);
    this.outages.add({ killedMs: this.#killedMs, startedMs, readyMs: nowMs() });
  }

  /** Kills it with SIGKILL. Returns the moment by which it had ended. */
  async kill(): Promise<number> {
    const child = this.#process;
    if (child === null) return nowMs();
    this.#process = null;
    this.#address = null;
    if (child.exitCode !== null) throw new Error(`the server ended by itself\n${this.#output}`);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    this.#killedMs = nowMs();
    return this.#killedMs;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Ends it and removes its files. */
  async remove(): Promise<void> {
    this.#process?.kill('SIGCONT');
    await this.kill().catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #ready(child: ChildProcess): Promise<Address> {
    this.#output = '';
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`the server ${why}\n${this.#output}`));
      const timer = setTimeout(() => fail('was not ready in time'), READY_WITHIN_MS);
      const read = (text: string): void => {
        this.#output = (this.#output + text).slice(-OUTPUT_MAX);
        const match = /"url":"http:\/\/([^:"]+):(\d+)/.exec(this.#output);
        if (match === null) return;
        clearTimeout(timer);
        resolve({ host: match[1] ?? '', port: Number(match[2]) });
      };
      child.stdout?.setEncoding('utf8').on('data', read);
      child.stderr?.setEncoding('utf8').on('data', read);
      child.once('exit', () => fail('ended before it was ready'));
    });
  }
}
