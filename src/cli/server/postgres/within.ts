import type { CancelTimer, Clock } from '../../../clock/clock.js';

/** What a promise resolves with, or null if that takes longer than `ms` milliseconds. It may then fail without consequences. */
export async function within<T>(ms: number, clock: Clock, promise: Promise<T>): Promise<T | null> {
  let cancel: CancelTimer | null = null;
  const tooLong = new Promise<null>((resolve) => {
    cancel = clock.after(ms, () => resolve(null));
  });
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, tooLong]);
  } finally {
    (cancel as CancelTimer | null)?.();
  }
}
