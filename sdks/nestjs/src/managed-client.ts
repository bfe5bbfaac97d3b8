import type { OnApplicationShutdown } from '@nestjs/common';
import {
  OctoStoreClient,
  type ClientOptions,
  type Election,
  type ElectOptions,
  type HoldAllOptions,
  type HoldOptions,
  type Lead,
  type LockHandle,
  type LockStatus,
  type PrefixState,
  type SessionHandle,
  type WantedLock,
  type Watch,
  type WatchOptions,
} from '@octostore/client';
import { OpenThings } from './open-things.js';
import type { Stopping } from './stopping.js';

/**
 * A client that ends with the application. When the shutdown begins, its waits, watches and elections end. When the requests
 * under way are done, it waits for the functions that run under its locks, and then closes its open handles.
 */
export class ManagedClient extends OctoStoreClient implements OnApplicationShutdown {
  readonly #stopping: Stopping;
  readonly #running = new Set<Promise<unknown>>();
  readonly #elections = new OpenThings<Election>();
  readonly #handles = new OpenThings<LockHandle | SessionHandle>();

  constructor(options: ClientOptions, stopping: Stopping) {
    super(options);
    this.#stopping = stopping;
  }

  override async hold(name: string, options: HoldOptions = {}): Promise<LockHandle> {
    return this.#handles.add(await super.hold(name, this.#stoppable(options)));
  }

  override async holdAll(locks: readonly WantedLock[], options: HoldAllOptions = {}): Promise<LockHandle> {
    return this.#handles.add(await super.holdAll(locks, this.#stoppable(options)));
  }

  override withLock<T>(
    name: string,
    options: HoldOptions,
    use: (lock: LockHandle) => Promise<T> | T,
  ): Promise<T> {
    return this.#untilDone(super.withLock(name, options, use));
  }

  override withLocks<T>(
    locks: readonly WantedLock[],
    options: HoldAllOptions,
    use: (lock: LockHandle) => Promise<T> | T,
  ): Promise<T> {
    return this.#untilDone(super.withLocks(locks, options, use));
  }

  override elect(name: string, options: ElectOptions, lead: Lead): Election {
    return this.#elections.add(super.elect(name, this.#stoppable(options), lead));
  }

  override async openSession(options?: { readonly ttlSeconds?: number | undefined }): Promise<SessionHandle> {
    return this.#handles.add(await super.openSession(options));
  }

  override watch(name: string, options: WatchOptions = {}): Watch<LockStatus> {
    return super.watch(name, this.#stoppable(options));
  }

  override watchPrefix(prefix: string, options: WatchOptions = {}): Watch<PrefixState> {
    return super.watchPrefix(prefix, this.#stoppable(options));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#elections.forEach((election) => election.stop());
    await Promise.allSettled(this.#running);
    await this.#handles.forEach((handle) => handle.close());
  }

  #stoppable<O extends { readonly signal?: AbortSignal | undefined }>(options: O): O {
    return { ...options, signal: this.#stopping.or(options.signal) };
  }

  #untilDone<T>(running: Promise<T>): Promise<T> {
    const done = running.finally(() => this.#running.delete(done));
    this.#running.add(done);
    return done;
  }
}
