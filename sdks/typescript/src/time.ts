import { CLOCK, inBackground } from './clock.js';
import { RULES } from './rules.js';

/** Milliseconds on the clock that leases are counted on. It never goes back, and counts suspended time. */
export function nowMs(): number {
  return CLOCK.nowMs();
}

/** Like `pause`, but lets the process exit meanwhile. */
export function pauseInBackground(ms: number, signal?: AbortSignal): Promise<void> {
  return pause(ms, signal, inBackground);
}

/** Resolves after `ms` milliseconds. Rejects with the signal's reason as soon as the signal is aborted. */
export function pause(
  ms: number,
  signal?: AbortSignal,
  started: (timer: ReturnType<typeof setTimeout>) => void = () => undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const end = (): void => {
      signal?.removeEventListener('abort', abort);
      resolve();
    };
    const timer = setTimeout(end, ms);
    started(timer);
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
