import type { Clock } from '../../../clock/clock.js';

/** Resolves when `work` has ended in any way, or after `ms` milliseconds. In that case it runs `onOverdue`, and `work` goes on. */
export function settledWithin(
  clock: Clock,
  ms: number,
  work: Promise<unknown>,
  onOverdue: () => void,
): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => {
      onOverdue();
      resolve();
    });
    void work
      .catch(() => undefined)
      .then(cancel)
      .then(resolve);
  });
}
