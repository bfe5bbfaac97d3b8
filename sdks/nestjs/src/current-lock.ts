import { AsyncLocalStorage } from 'node:async_hooks';
import type { LockHandle } from '@octostore/client';

/** The lock under which a method runs. */
export interface CurrentLock {
  /** Send it with every write to what the lock protects, which must refuse any token lower than the highest it has seen. */
  readonly fencingToken: number;
  /** Aborted when the lock is lost, or when the application shuts down and waits for the method. */
  readonly signal: AbortSignal;
  readonly handle: LockHandle;
}

const storage = new AsyncLocalStorage<CurrentLock>();

/** The lock of the innermost `@Locked` or `@SingleRun` method that is running. Throws if there is none. */
export function currentLock(): CurrentLock {
  const current = storage.getStore();
  if (current === undefined) {
    throw new Error('No lock is held here. Call currentLock() inside a method with @Locked or @SingleRun.');
  }
  return current;
}

/** Runs a function during which `currentLock` is this lock. */
export function whileCurrent<T>(lock: CurrentLock, use: () => T): T {
  return storage.run(lock, use);
}
