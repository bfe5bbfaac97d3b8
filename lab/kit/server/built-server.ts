import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address } from '../../../src/bench/load/address.js';
import { BUILT_MAIN, ServerProcess, type Settings } from '../../../src/bench/server/server-process.js';

const READY_WITHIN_MS = 30_000;
const BYTES_PER_KIB = 1024;

/** The bearer token that every such server knows, unless its settings name others. */
export const TOKEN = 'token-for-proofs-1';

interface Place {
  /** The entry of the program. */
  readonly main?: string;
  /** Where its database is; one of its own if there is none. */
  readonly folder?: string;
  /** Characters of its output that are kept, the last ones. */
  readonly outputKept?: number;
}

/** A server ended by itself before it was ready. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';
}

/** The built server with a database of its own, which stays when the process is killed and started again. */
export class BuiltServer {
  readonly #settings: Settings;
  readonly #place: Required<Pick<Place, 'main' | 'folder'>> & Pick<Place, 'outputKept'>;
  #process: ServerProcess | null = null;
  #address: Address | null = null;
  #output = '';

  constructor(settings: Settings = {}, { main = BUILT_MAIN, folder = newFolder(), ...place }: Place = {}) {
    this.#settings = settings;
    this.#place = { main, folder, ...place };
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
    return this.#process?.output ?? this.#output;
  }

  /** Throws if it does not run. */
  get processId(): number {
    if (this.#process === null) throw new Error('the server does not run');
    return this.#process.id;
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
    if (!(await this.tryToStart(more))) throw new NotStarted(`the server did not start\n${this.output}`);
  }

  /** Starts it as `start` does. Resolves with whether it became ready: false if it has ended by itself. */
  async tryToStart(more: Settings = {}): Promise<boolean> {
    const settings = {
      STATIC_TOKENS: `prover:${TOKEN}`,
      MAX_LOCKS: '10000000',
      MAX_LOCKS_PER_USER: '10000000',
      MAX_WAITERS_PER_USER: '1000000',
      ...this.#settings,
      ...more,
    };
    this.#process = new ServerProcess({ ...this.#place, settings });
    this.#address = await this.#process.ready(READY_WITHIN_MS);
    return this.#address !== null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.signal(signal);
  }

  /** Ends the process and resolves with its exit code, null for a signal. Throws if it had ended by itself. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
    if (this.#process === null) return null;
    if (this.#process.exitCode !== null) throw new Error(`the server ended by itself\n${this.output}`);
    this.signal(signal);
    return this.ended();
  }

  /** Resolves with the exit code when the process has ended; throws, and kills it, if that takes very long. */
  async ended(): Promise<number | null> {
    const code = (await this.#process?.ended()) ?? null;
    this.#output = this.output;
    this.#process = null;
    this.#address = null;
    return code;
  }

  /** Ends it, whatever its state, and removes its files. */
  async remove(): Promise<void> {
    await this.#process?.kill();
    rmSync(this.#place.folder, { recursive: true, force: true });
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
