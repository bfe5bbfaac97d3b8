import { Injectable, Logger } from '@nestjs/common';
import { LockHeldError, OctoStoreClient, type HoldOptions } from '@octostore/client';
import { whileCurrent } from './current-lock.js';
import { Stopping } from './stopping.js';

/** Runs functions under locks. Decorated methods use it, and so can you. */
@Injectable()
export class LockRunner {
  readonly #log = new Logger('OctoStore');
  readonly #client: OctoStoreClient;
  readonly #stopping: Stopping;

  constructor(client: OctoStoreClient, stopping: Stopping) {
    this.#client = client;
    this.#stopping = stopping;
  }

  /** Runs a function under a lock, with `currentLock`. Throws what `withLock` of the client throws. */
  run<T>(name: string, options: HoldOptions, use: () => Promise<T>): Promise<T> {
    return this.#client.withLock(name, options, (handle) => {
      const current = {
        handle,
        signal: this.#stopping.or(handle.signal),
        get fencingToken() {
          return handle.fencingToken;
        },
      };
      return whileCurrent(current, use);
    });
  }

  /** Does the same, but does nothing if someone else holds the lock or the application is shutting down. */
  async runUnlessHeld(name: string, options: HoldOptions, use: () => Promise<void>): Promise<void> {
    let hasBegun = false;
    try {
      await this.run(name, options, () => {
        hasBegun = true;
        return use();
      });
    } catch (error) {
      if (hasBegun || !(error instanceof LockHeldError || this.#stopping.signal.aborted)) throw error;
      this.#log.debug(`Skipped ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
