import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address } from '../../../src/bench/load/address.js';
import { pause } from '../../../src/process/time.js';
import { BUILT_MAIN } from './built-main.js';
import { newProofDatabase, startsAreTakeOvers } from './proof-database.js';
import { ServerProcess, type Settings } from '../../../src/bench/server/server-process.js';

/** Long enough for a very busy machine. */
const READY_WITHIN_MS = 120_000;
const BYTES_PER_KIB = 1024;

/** The bearer token of every built server, unless its settings say otherwise. */
export const TOKEN = 'token-for-proofs-1';

interface Options {
  /** The entry point of the program. */
  readonly main?: string;
  /** The folder of its database. Defaults to a new one. */
  readonly folder?: string;
  /** How many characters of its output to keep. The oldest are dropped. */
  readonly outputKept?: number;
}

const LOOK_EVERY_MS = 20;

/** What a server says that it is. Null if it does not answer. */
async function roleAt(url: string): Promise<unknown> {
  try {
    const answer = await fetch(`${url}/status`, { signal: AbortSignal.timeout(READY_WITHIN_MS) });
    return ((await answer.json()) as { readonly role?: unknown }).role;
  } catch {
    return null;
  }
}

/** The server exited before it was ready. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';
}

/** The built server with its own database, which survives when the process is killed and restarted. */
export class BuiltServer {
  readonly #settings: Settings;
  readonly #database = newProofDatabase();
  readonly #options: Required<Pick<Options, 'main' | 'folder'>> & Pick<Options, 'outputKept'>;
  #process: ServerProcess | null = null;
  #address: Address | null = null;
  #output = '';

  constructor(
    settings: Settings = {},
    { main = BUILT_MAIN, folder = newFolder(), ...options }: Options = {},
  ) {
    this.#settings = settings;
    this.#options = { main, folder, ...options };
  }

  /** Where it listens. While it is not running, an address on which nothing listens. */
  get address(): Address {
    return this.#address ?? { host: '127.0.0.1', port: 1 };
  }

  get url(): string {
    return `http://${this.address.host}:${this.address.port}`;
  }

  /** The end of its output since the last start. */
  get output(): string {
    return this.#process?.output ?? this.#output;
  }

  /** Throws if it is not running. */
  get processId(): number {
    if (this.#process === null) throw new Error('the server is not running');
    return this.#process.id;
  }

  /** The resident memory of the process, in bytes. */
  get residentBytes(): number {
    const status = readFileSync(`/proc/${this.processId}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * BYTES_PER_KIB;
  }

  /**
   * Starts it on a free port. Resolves when it is ready. Throws `NotStarted` if it exits before that.
   * @param more settings for this start only.
   */
  async start(more: Settings = {}): Promise<void> {
    if (!(await this.tryToStart(more))) throw new NotStarted(`the server did not start\n${this.output}`);
  }

  /** Like `start`, but resolves with false if the process exits before it is ready. */
  async tryToStart(more: Settings = {}): Promise<boolean> {
    const settings = {
      ...(await this.#database.settings()),
      STATIC_TOKENS: `prover:${TOKEN}`,
      MAX_LOCKS: '10000000',
      MAX_LOCKS_PER_USER: '10000000',
      MAX_WAITERS_PER_USER: '1000000',
      ...this.#settings,
      ...more,
    };
    this.#process = new ServerProcess({ ...this.#options, settings });
    this.#address = await this.#process.ready(READY_WITHIN_MS);
    if (this.#address !== null && startsAreTakeOvers()) await this.#leads();
    return this.#address !== null;
  }

  /** Until the lease of the process before has ended, the server only stands by. */
  async #leads(): Promise<void> {
    while (this.#process?.hasEnded === false && (await roleAt(this.url)) !== 'leader')
      await pause(LOOK_EVERY_MS);
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.signal(signal);
  }

  /** Ends the process. Resolves with its exit code, or null if a signal ended it. Throws if it had already exited. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
    if (this.#process === null) return null;
    if (this.#process.exitCode !== null) throw new Error(`the server had already exited\n${this.output}`);
    this.signal(signal);
    return this.ended();
  }

  /** Resolves with the exit code when the process has ended. If that takes very long, kills it and throws. */
  async ended(): Promise<number | null> {
    const code = (await this.#process?.ended()) ?? null;
    this.#output = this.output;
    this.#process = null;
    this.#address = null;
    return code;
  }

  /** Kills it if it is running, and deletes its files. */
  async remove(): Promise<void> {
    await this.#process?.kill();
    await this.#database.remove();
    rmSync(this.#options.folder, { recursive: true, force: true });
  }
}

/** Runs `use` with a new server, and removes the server afterwards. */
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
