import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess, type Settings } from '../../../src/bench/server/server-process.js';
import { BUILT_MAIN } from './built-main.js';
import { pause } from '../../../src/process/time.js';
import type { Address } from '../http/connection.js';

const STATUS_WITHIN_MS = 1000;
const LISTENS_WITHIN_MS = 120_000;
const POLL_MS = 50;

export interface ReplicaOptions {
  readonly name: string;
  readonly address: Address;
  readonly settings: Settings;
  /** The entry point of the program. Defaults to the built one. */
  readonly main?: string;
}

/** What a replica says about itself. */
export interface ReplicaStatus {
  readonly role: string;
  readonly term: number | null;
  readonly uptime_seconds: number;
}

/** One of several servers on a database. It keeps its address when it is killed and started again. */
export class Replica {
  readonly name: string;
  readonly address: Address;
  readonly #settings: Settings;
  readonly #main: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'octostore-replica-'));
  #process: ServerProcess | null = null;
  #isFrozen = false;

  constructor({ name, address, settings, main = BUILT_MAIN }: ReplicaOptions) {
    this.name = name;
    this.address = address;
    this.#settings = settings;
    this.#main = main;
  }

  get url(): string {
    return `http://${this.address.host}:${this.address.port}`;
  }

  /** Null if it is not running. */
  get processId(): number | null {
    return this.isRunning ? (this.#process?.id ?? null) : null;
  }

  get isRunning(): boolean {
    return this.#process !== null && !this.#process.hasEnded;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** Whether it can answer, unless it has a problem of its own. */
  get isUp(): boolean {
    return this.isRunning && !this.#isFrozen;
  }

  /** The end of its output since the last start. */
  get output(): string {
    return this.#process?.output ?? '';
  }

  /** Starts the process. Does not wait for it. */
  start(): void {
    const bound = { BIND_ADDR: `${this.address.host}:${this.address.port}`, ADVERTISE_URL: this.url };
    const settings = { ...bound, ...this.#settings };
    this.#isFrozen = false;
    this.#process = new ServerProcess({ main: this.#main, folder: this.#folder, settings });
  }

  /** Resolves when it answers, whether it leads or not. Throws if it ends before that, or takes too long. */
  async listens(): Promise<void> {
    const patience = AbortSignal.timeout(LISTENS_WITHIN_MS);
    while ((await this.status()) === null) {
      if (!this.isRunning || patience.aborted)
        throw new Error(`replica ${this.name} did not start\n${this.output}`);
      await pause(POLL_MS);
    }
  }

  /** Null if it does not answer soon. */
  async status(): Promise<ReplicaStatus | null> {
    try {
      return (await (await this.#get('/status')).json()) as ReplicaStatus;
    } catch {
      return null;
    }
  }

  /**
   * The term in which it has answered a read, which a leader does only while it is sure that it leads. Null if it has not answered, or
   * not as the leader.
   */
  async termOfRead(token: string): Promise<number | null> {
    try {
      const before = await this.status();
      const { ok } = await this.#get('/locks?limit=1', { authorization: `Bearer ${token}` });
      const after = await this.status();
      const isLeader = before?.role === 'leader' && after?.role === 'leader' && before.term === after.term;
      return ok && isLeader ? after.term : null;
    } catch {
      return null;
    }
  }

  #get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers, signal: AbortSignal.timeout(STATUS_WITHIN_MS) });
  }

  /** Ends the process at once. Resolves when it has ended. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** Asks it to stop. Resolves with its exit code, or with null if a signal ended it. */
  async stop(): Promise<number | null> {
    this.thaw();
    this.#process?.signal('SIGTERM');
    return (await this.#process?.ended()) ?? null;
  }

  freeze(): void {
    this.#isFrozen = true;
    this.#process?.signal('SIGSTOP');
  }

  thaw(): void {
    this.#isFrozen = false;
    this.#process?.signal('SIGCONT');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
