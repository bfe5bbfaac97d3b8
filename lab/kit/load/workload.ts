import { pause } from '../../../src/process/time.js';
import { Connection, NoAnswer, type Address } from '../http/connection.js';
import type { Random } from '../random.js';
import { FaultyProxy } from '../proxy/faulty-proxy.js';
import type { OperationMix } from './operation-mix.js';
import { LoadClient } from './load-client.js';
import { LockBreaker } from './lock-breaker.js';
import { LockCalls } from './lock-calls.js';
import { tokenOf, SharedState } from './shared-state.js';

export interface WorkloadOptions {
  readonly clients: number;
  /** Fewer than clients, so that clients with the same token contend. */
  readonly users: number;
  readonly locks: number;
  /** After about this many operations on each lock, new locks are used. */
  readonly operationsPerLock: number;
  /** One in this many clients connects through the faulty proxy. 0 for none. */
  readonly proxiedOneIn: number;
  readonly mix: OperationMix;
  /** Whether an operator breaks locks. The server must have the admin key `BREAKER_KEY`. */
  readonly breaks?: boolean;
  /** Whether the server has the wall clock of this process, as it has by default. */
  readonly isSameWallClock?: boolean;
  /** How long a client waits for an answer. */
  readonly answerWithinMs?: number;
}

const AIMED_TTL_SECONDS = 30;
const AIMED_TRIES = 20;
const SENT_WITHIN_MS = 150;

/** The user who reads all locks. */
const READER = 'u0';

/** Many clients that work at the same time, and their history. */
export class Workload {
  readonly shared: SharedState;
  readonly #clients: readonly LoadClient[];
  readonly #breaker: LockBreaker | null;
  readonly #proxy: FaultyProxy;
  readonly #reader: Connection;
  #aimed = 0;

  private constructor(
    shared: SharedState,
    clients: readonly LoadClient[],
    breaker: LockBreaker | null,
    proxy: FaultyProxy,
    reader: Connection,
  ) {
    this.shared = shared;
    this.#clients = clients;
    this.#breaker = breaker;
    this.#proxy = proxy;
    this.#reader = reader;
  }

  static async on(address: () => Address, random: Random, options: WorkloadOptions): Promise<Workload> {
    const shared = new SharedState(options.locks, options.operationsPerLock, options.isSameWallClock);
    const proxy = await FaultyProxy.start(address, random.split());
    const clients = Array.from({ length: options.clients }, (_, number) => {
      const user = `u${number % options.users}`;
      const isProxied = options.proxiedOneIn > 0 && number % options.proxiedOneIn === 0;
      const connection = new Connection(
        isProxied ? () => proxy.address : address,
        tokenOf(user),
        options.answerWithinMs,
      );
      return new LoadClient(connection, user, shared, random.split(), options.mix, number);
    });
    const breaker = options.breaks === true ? new LockBreaker(address, shared, random.split()) : null;
    return new Workload(
      shared,
      clients,
      breaker,
      proxy,
      new Connection(address, tokenOf(READER), options.answerWithinMs),
    );
  }

  get cuts(): number {
    return this.#proxy.cuts;
  }

  /** All clients work until the signal aborts, and then complete their calls. */
  async work(stop: AbortSignal): Promise<void> {
    const workers = this.#breaker === null ? this.#clients : [...this.#clients, this.#breaker];
    await Promise.all(workers.map((worker) => worker.work(stop)));
  }

  /** Reads all locks that clients use at present, each into its history. Ends early if the server does not answer. */
  async readAll(): Promise<void> {
    const calls = new LockCalls(this.#reader, READER, this.shared);
    try {
      for (const lock of this.shared.presentLocks(this.#clients.length)) await calls.status(lock);
    } catch (error) {
      unlessUnanswered(error);
    }
  }

  /** Reads all these locks through one server at the same time, each through a connection of its own. */
  async readAllAt(address: Address): Promise<void> {
    await Promise.all(
      this.shared.presentLocks(this.#clients.length).map(async (lock) => {
        const connection = new Connection(() => address, tokenOf(READER));
        const read = new LockCalls(connection, READER, this.shared).status(lock);
        await read.catch(unlessUnanswered).finally(() => connection.cut());
      }),
    );
  }

  /**
   * Has a lock granted through one server, reads it through another one while it is held, and releases it. If the grant is not
   * answered, tries again with another lock, for a while.
   *
   * @param meanwhile called once the lock is granted and the read has been sent.
   */
  async grantAndRead(granting: Address, reading: Address, meanwhile: () => void): Promise<void> {
    const first = new Connection(() => granting, tokenOf(READER));
    const other = new Connection(() => reading, tokenOf(READER));
    try {
      for (let tries = 0; tries < AIMED_TRIES; tries += 1)
        if (await this.#grantAndRead(first, other, meanwhile)) return;
    } finally {
      first.cut();
      other.cut();
    }
  }

  /** Whether the grant was answered. */
  async #grantAndRead(granting: Connection, reading: Connection, meanwhile: () => void): Promise<boolean> {
    this.#aimed += 1;
    const lease = this.shared.newLease(`aimed/${this.#aimed}`, READER);
    const calls = new LockCalls(granting, READER, this.shared);
    let isGranted = false;
    try {
      isGranted = (await calls.acquire(lease, { ttlSeconds: AIMED_TTL_SECONDS }))?.kind === 'granted';
      if (!isGranted) return false;
      const read = new LockCalls(reading, READER, this.shared).status(lease.lock);
      read.catch(() => undefined);
      await pause(SENT_WITHIN_MS);
      meanwhile();
      await read;
      await calls.release(lease);
    } catch (error) {
      unlessUnanswered(error);
    }
    return isGranted;
  }

  async close(): Promise<void> {
    this.#reader.cut();
    await this.#proxy.stop();
  }
}

/** The value of `STATIC_TOKENS` for numbered users and some more by name. */
export function staticTokens(users: number, ...more: readonly string[]): string {
  const names = [...Array.from({ length: users }, (_, number) => `u${number}`), ...more];
  return names.map((name) => `${name}:${tokenOf(name)}`).join(',');
}

function unlessUnanswered(error: unknown): void {
  if (!(error instanceof NoAnswer)) throw error;
}
