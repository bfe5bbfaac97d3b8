import type { HoldOptions } from '@octostore/client';
import { replaceMethod } from './method-under-lock.js';

/** The name of a lock, or a function that makes it from the arguments of the method. */
export type LockName<A extends unknown[]> = string | ((...args: A) => string);

type Decorated<A extends unknown[]> = (...args: [...A, ...never[]]) => Promise<unknown>;

/**
 * Runs each call of an asynchronous method under a lock, and releases it when the promise of the method has settled. Works for
 * all providers and controllers. If someone else holds the lock after `waitSeconds` (0 by default), the call throws
 * `LockHeldError`, and an HTTP request gets the status 423. Inside the method, `currentLock()` has the fencing token.
 */
export function Locked<A extends unknown[]>(name: LockName<A>, options: HoldOptions = {}) {
  return <M extends Decorated<A>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void =>
    replaceMethod<A, unknown>(target, key, descriptor, (runner, args, call) =>
      runner.run(typeof name === 'string' ? name : name(...args), options, call),
    );
}
