import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { at, nowMs, type CancelTimer } from '../../process/time.js';
import { addressOf, type Address } from '../load/address.js';

/** The built program; `OCTOSTORE_MAIN` names another build. */
export const BUILT_MAIN = process.env['OCTOSTORE_MAIN'] ?? join(packageFolder(), 'dist/main.js');

const READY_WITHIN_MS = 30_000;
const ENDS_WITHIN_MS = 30_000;
const OUTPUT_KEPT = 4000;
const BYTES_PER_KIB = 1024;

/** The bearer token that every such server knows, unless its settings name others. */
export const TOKEN = 'token-for-proofs-1';

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export type Settings = Readonly<Record<string, string>>;

interface Place {
  /** The entry of the program. */
  readonly main?: string;
  /** Where its database is; one of its own if there is none. */
  readonly folder?: string;
  /** Characters of its output that are kept, the last ones. */
  readonly outputKept?: number;
  /** Milliseconds that a start may take. */
  readonly readyWithinMs?: number;
}

/** A server ended by itself before it was ready. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';
}

/** The built server as a process with a database of its own, which stays when the process is killed and started again. */
export class BuiltServer {
  readonly #main: string;
  readonly #folder: string;
  readonly #settings: Settings;
  readonly #outputKept: number;
  readonly #readyWithinMs: number;
  #child: ChildProcess | null = null;
  #exited: Promise<number | null> = Promise.resolve(null);
  #address: Address | null = null;
  #output = '';

  constructor(
    settings: Settings = {},
    {
      main = BUILT_MAIN,
      folder = newFolder(),
      outputKept = OUTPUT_KEPT,
      readyWithinMs = READY_WITHIN_MS,
    }: Place = {},
  ) {
    if (!existsSync(main)) throw new Error(`${main} is missing: run "npm run build" first`);
    this.#main = main;
    this.#folder = folder;
    this.#settings = settings;
    this.#outputKept = outputKept;
    this.#readyWithinMs = readyWithinMs;
  }

  /** Where it listens; a port on which nobody does while it does not run. */
  get address(): Address {
    return this.#address ?? { host: '127.0.0.1', port: 1 };
  }

  get url(): string {
    return `http://${this.address.host}:${this.address.port}`;
  }

  /** The last that it printed since its start. */
  get output(): string {
    return this.#output;
  }

  /** Throws if it does not run. */
  get processId(): number {
    const processId = this.#child?.pid;
    if (processId === undefined) throw new Error('the server does not run');
    return processId;
  }

  /** Memory that the process has at this moment, in bytes. */
  get residentBytes(): number {
    const status = readFileSync(`/proc/${this.processId}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * BYTES_PER_KIB;
  }

  /**
   * Starts it on a free port. Resolves when it is ready; throws `NotStarted` if it ends before that.
   * @param more settings for this start alone.
   */
  async start(more: Settings = {}): Promise<void> {
    if (!(await this.tryToStart(more))) throw new NotStarted(`the server did not start\n${this.#output}`);
  }

  /** Starts it as `start` does. Resolves with whether it became ready: false if it has ended by itself. */
  async tryToStart(more: Settings = {}): Promise<boolean> {
    const child = this.#spawn({ ...this.#settings, ...more });
    this.#address = await this.#inTime('become ready', this.#readyWithinMs, this.#ready(child));
    return this.#address !== null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends the process and resolves with its exit code, null for a signal. Throws if it had ended by itself. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (child === null) return null;
    if (child.exitCode !== null) throw new Error(`the server ended by itself\n${this.#output}`);
    child.kill(signal);
    return this.ended();
  }

  /** Resolves with the exit code when the process has ended; throws, and kills it, if that takes very long. */
  async ended(): Promise<number | null> {
    const code = await this.#inTime('end', ENDS_WITHIN_MS, this.#exited);
    this.#child = null;
    this.#address = null;
    return code;
  }

  /** Ends it, whatever its state, and removes its files. */
  async remove(): Promise<void> {
    this.signal('SIGKILL');
    await this.#exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #spawn(settings: Settings): ChildProcess {
    this.#output = '';
    const child = spawn(process.execPath, [this.#main], {
      cwd: this.#folder,
      env: {
        PATH: process.env['PATH'],
        BIND_ADDR: '127.0.0.1:0',
        DATABASE_URL: join(this.#folder, 'octostore.db'),
        STATIC_TOKENS: `prover:${TOKEN}`,
        MAX_LOCKS: '10000000',
        MAX_LOCKS_PER_USER: '10000000',
        MAX_WAITERS_PER_USER: '1000000',
        LOG_FORMAT: 'json',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    this.#child = child;
    // `close`, not `exit`: by then all output has arrived.
    this.#exited = once(child, 'close').then(([code]: unknown[]) => {
      running.delete(child);
      return code as number | null;
    });
    return child;
  }

  /** Resolves with the address that the process tells; null if it ends without. */
  #ready(child: ChildProcess): Promise<Address | null> {
    const told = new Promise<Address>((resolve) => {
      const read = (text: string): void => {
        this.#output = (this.#output + text).slice(-this.#outputKept);
        const url = /"url":"(http:[^"]+)"/.exec(this.#output)?.[1];
        if (url !== undefined) resolve(addressOf(url));
      };
      child.stdout?.setEncoding('utf8').on('data', read);
      child.stderr?.setEncoding('utf8').on('data', read);
    });
    return Promise.race([told, this.#exited.then(() => null)]);
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

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'octostore-proof-'));
}

/** The folder of the package that this file belongs to, in whichever form it was built. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
