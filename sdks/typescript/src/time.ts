import { RULES } from './rules.js';

/** Milliseconds on the monotonic clock, which nobody sets. */
export function nowMs(): number {
  return performance.now();
}

/** Resolves after that many milliseconds; rejects with the signal's reason as soon as that is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const end = (): void => {
      signal?.removeEventListener('abort', abort);
      resolve();
    };
    const timer = setTimeout(end, ms);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/**
 * Milliseconds before the next attempt: drawn from 0 up to a bound that doubles with each failure, so that many clients
 * spread out; and no less than the server asked for.
 * @param failures how many attempts have failed, from 1.
 */
export function delayMs(failures: number, retryAfterMs = 0): number {
  const bound = Math.min(RULES.repeat_delay_ms_max, RULES.repeat_delay_ms_first * 2 ** (failures - 1));
  return Math.max(retryAfterMs, Math.random() * bound);
}
