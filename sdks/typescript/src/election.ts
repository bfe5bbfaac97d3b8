import { LockHeldError, OctoStoreError } from './errors.js';
import type { HoldOptions } from './hold.js';
import type { LockHandle } from './lock.js';
import { isFinal } from './repeating.js';
import { RULES } from './rules.js';
import { delayMs, pause } from './time.js';

export interface ElectOptions extends Omit<HoldOptions, 'waitSeconds'> {
  /** Leave the election after leading once. */
  readonly once?: boolean | undefined;
}

/**
 * What the leader does. The signal tells it to stop, because the lock is lost or the election has been stopped. The
 * election waits for it: no one else leads before it has returned, unless the lock was lost.
 */
export type Lead = (lock: LockHandle, signal: AbortSignal) => Promise<void> | void;

type Hold = (options: HoldOptions) => Promise<LockHandle>;

/** Campaigns and leads in turn until the signal is aborted. Throws what `lead` throws, and errors that retrying cannot fix. */
export async function elect(
  hold: Hold,
  { once = false, ...options }: ElectOptions,
  lead: Lead,
): Promise<void> {
  for (;;) {
    const lock = await campaign(hold, options);
    if (lock === null) return;
    await leadWith(lock, lead, options.signal);
    if (once) return;
  }
}

/** Returns the lock once it is acquired, or null if the signal is aborted first. */
async function campaign(hold: Hold, options: HoldOptions): Promise<LockHandle | null> {
  const { signal } = options;
  for (let failures = 0; ;) {
    try {
      return await hold({ ...options, waitSeconds: RULES.wait_seconds_per_request_max });
    } catch (error) {
      if (signal?.aborted === true) return null;
      if (error instanceof LockHeldError) {
        failures = 0;
        continue;
      }
      if (isFinal(error)) throw error;
      failures += 1;
      if (!(await isOverWithin(delayMs(failures, retryAfterMs(error)), signal))) continue;
      return null;
    }
  }
}

async function leadWith(lock: LockHandle, lead: Lead, stop: AbortSignal | undefined): Promise<void> {
  const leadership = new AbortController();
  const abortOn = (signal: AbortSignal) => (): void => leadership.abort(signal.reason);
  const signals = [lock.signal, ...(stop === undefined ? [] : [stop])];
  const listeners = signals.map((signal) => ({ signal, abort: abortOn(signal) }));
  for (const { signal, abort } of listeners) {
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  }
  try {
    await lead(lock, leadership.signal);
  } finally {
    for (const { signal, abort } of listeners) signal.removeEventListener('abort', abort);
    await lock.close();
  }
}

async function isOverWithin(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await pause(ms, signal);
    return false;
  } catch {
    return true;
  }
}

function retryAfterMs(error: unknown): number | undefined {
  return error instanceof OctoStoreError ? error.retryAfterMs : undefined;
}
