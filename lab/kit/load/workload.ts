import { Connection, NoAnswer, type Address } from '../http/connection.js';
import type { Random } from '../random.js';
import { FaultyProxy } from '../proxy/faulty-proxy.js';
import type { Habits } from './habits.js';
import { LoadClient } from './load-client.js';
import { LockCalls } from './lock-calls.js';
import { tokenOf, World } from './world.js';

export interface WorkloadOptions {
  readonly clients: number;
  /** Clients share users, so that two with the same bearer token contend. */
  readonly users: number;
  readonly locks: number;
  /** After about this many operations on each lock, new lock names are used. */
  readonly operationsPerLock: number;
  /** One client in this many is behind a proxy that delays and cuts; 0 for none. */
  readonly proxiedOneIn: number;
  readonly habits: Habits;
}

/** The user who reads all locks. */
const READER = 'u0';

/** Many clients that work at the same time, with their history. */
export class Workload {
  readonly world: World;
  readonly #clients: readonly LoadClient[];
  readonly #proxy: FaultyProxy;
  readonly #reader: Connection;

  private constructor(world: World, clients: readonly LoadClient[], proxy: FaultyProxy, reader: Connection) {
    this.world = world;
    this.#clients = clients;
    this.#proxy = proxy;
    this.#reader = reader;
  }

  static async on(address: () => Address, dice: Random, options: WorkloadOptions): Promise<Workload> {
    const world = new World(options.locks, options.operationsPerLock);
    const proxy = await FaultyProxy.start(address, dice.split());
    const clients = Array.from({ length: options.clients }, (_, number) => {
      const user = `u${number % options.users}`;
      const isProxied = options.proxiedOneIn > 0 && number % options.proxiedOneIn === 0;
      const connection = new Connection(isProxied ? () => proxy.address : address, tokenOf(user));
      return new LoadClient(connection, user, world, dice.split(), options.habits, number);
    });
    return new Workload(world, clients, proxy, new Connection(address, tokenOf(READER)));
  }

  get cuts(): number {
    return this.#proxy.cuts;
  }

  /** All clients work until the signal aborts. Then each completes its present call. */
  async work(stop: AbortSignal): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.work(stop)));
  }

  /** Reads all locks that clients use at present, each into its history. Ends early if the server does not answer. */
  async readAll(): Promise<void> {
    const calls = new LockCalls(this.#reader, READER, this.world);
    try {
      for (const lock of this.world.presentLocks(this.#clients.length)) await calls.status(lock);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
  }

  async close(): Promise<void> {
    this.#reader.cut();
    await this.#proxy.stop();
  }
}

/** The value of `STATIC_TOKENS` for a number of users, and for some more by name. */
export function staticTokens(users: number, ...more: readonly string[]): string {
  const names = [...Array.from({ length: users }, (_, number) => `u${number}`), ...more];
  return names.map((name) => `${name}:${tokenOf(name)}`).join(',');
}
