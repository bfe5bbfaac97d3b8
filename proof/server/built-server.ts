import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Address } from '../../test/support/connection.js';

/** The built program; `OCTOSTORE_MAIN` names another build. */
const MAIN =
  process.env['OCTOSTORE_MAIN'] ?? fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

const READY_WITHIN_MS = 30_000;
const OUTPUT_KEPT = 4000;
const BYTES_PER_KIB = 1024;

/** The bearer token that every such server knows. */
export const TOKEN = 'token-for-proofs-1';

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

type Settings = Readonly<Record<string, string>>;

/** The built server as a process with a database of its own, which stays when the process is killed and started again. */
export class BuiltServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'octostore-proof-'));
  readonly #settings: Settings;
  #child: ChildProcess | null = null;
  #address: Address | null = null;
  #output = '';

  constructor(settings: Settings = {}) {
    this.#settings = settings;
  }

  /** Where it listens; a port on which nobody does while it does not run. */
  get address(): Address {
    return this.#address ?? { host: '127.0.0.1', port: 1 };
  }

  /** Memory that the process has at this moment, in bytes. */
  get residentBytes(): number {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * BYTES_PER_KIB;
  }

  /** Starts it on a free port. Resolves when it is ready. */
  async start(): Promise<void> {
    this.#output = '';
    const child = spawn(process.execPath, [MAIN], {
      cwd: this.#folder,
      env: {
        PATH: process.env['PATH'],
        BIND_ADDR: '127.0.0.1:0',
        DATABASE_URL: join(this.#folder, 'octostore.db'),
        STATIC_TOKENS: `prover:${TOKEN}`,
        MAX_LOCKS_PER_USER: '10000000',
        LOG_FORMAT: 'json',
        ...this.#settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    this.#child = child;
    this.#address = await this.#ready(child);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends the process. Fails if it had ended by itself. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#child = null;
    this.#address = null;
    if (child.exitCode !== null) throw new Error(`the server ended by itself\n${this.#output}`);
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Ends it, whatever its state, and removes its files. */
  async remove(): Promise<void> {
    this.signal('SIGCONT');
    await this.end().catch(() => undefined);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #ready(child: ChildProcess): Promise<Address> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`the server ${why}\n${this.#output}`));
      const timer = setTimeout(() => fail('was not ready in time'), READY_WITHIN_MS);
      const read = (text: string): void => {
        this.#output = (this.#output + text).slice(-OUTPUT_KEPT);
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

/** Runs `use` with a server of its own and removes that afterwards. */
export async function withServer<T>(
  settings: Settings,
  use: (server: BuiltServer) => Promise<T>,
): Promise<T> {
  const server = new BuiltServer(settings);
  try {
    await server.start();
    return await use(server);
  } finally {
    await server.remove();
  }
}
