import { RULES } from './rules.js';

/** Milliseconds on the monotonic clock, which no one can set. */
export function nowMs(): number {
  return performance.now();
}

/** Resolves after `ms` milliseconds. Rejects with the signal's reason as soon as the signal is aborted. */
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
 * Milliseconds before the next attempt. Random between 0 and a bound that doubles with each failure, so that many clients
 * spread out, but never less than the server asked for.
 * @param failures how many attempts have failed, from 1.
 */
export function delayMs(failures: number, retryAfterMs = 0): number {
  const bound = Math.min(RULES.repeat_delay_ms_max, RULES.repeat_delay_ms_first * 2 ** (failures - 1));
  return Math.max(retryAfterMs, Math.random() * bound);
}
