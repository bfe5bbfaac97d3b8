import type { HoldOptions } from '@octostore/client';
import { replaceMethod } from './method-under-lock.js';

/** Long enough for replicas whose clocks differ a little, short enough for jobs that run every few seconds. */
const MIN_HOLD_SECONDS = 5;

export interface SingleRunOptions extends Omit<HoldOptions, 'waitSeconds' | 'minHoldSeconds'> {
  /**
   * For how long no other replica runs the job after one has begun, even if it is done sooner: 0 to `ttlSeconds`, 5 by default.
   * It must be more than the clocks of the replicas differ, and less than the time between two runs.
   */
  readonly minHoldSeconds?: number | undefined;
}

/**
 * Lets one replica of the application run a job that all of them schedule. Use it with `@Cron`, `@Interval` or `@Timeout`, in any
 * order. The replicas that do not get the lock at once skip the run.
 */
export function SingleRun(name: string, options: SingleRunOptions = {}) {
  const { minHoldSeconds = MIN_HOLD_SECONDS, ...others } = options;
  return (
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<() => Promise<void>>,
  ): void =>
    replaceMethod<[], void>(target, key, descriptor, (runner, _, call) =>
      runner.runUnlessHeld(name, { ...others, minHoldSeconds }, call),
    );
}
