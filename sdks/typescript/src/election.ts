import { OctoStoreError } from './errors.js';
import { whileInUse } from './forgotten.js';
import type { HoldOptions } from './hold.js';
import type { LockHandle } from './lock.js';
import { isFinal } from './repeating.js';
import { INSPECT } from './text-forms.js';
import { delayMs, pause } from './time.js';
import { warn } from './warnings.js';

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

/**
 * An election that runs. It is a promise too: await it to learn when it has ended. It rejects with what `lead` throws, and with
 * errors that retrying cannot fix, such as `AuthenticationError`.
 */
export class Election implements Promise<void> {
  readonly [Symbol.toStringTag] = 'Election';
  /** The name of the lock. */
  readonly name: string;
  readonly #stop: AbortController;
  readonly #over: Promise<void>;
  #isObserved = false;

  /** @param run campaigns and leads until the signal of `stop` is aborted. */
  constructor(name: string, stop: AbortController, run: () => Promise<void>) {
    this.name = name;
    this.#stop = stop;
    this.#over = run();
    this.#over.catch((error: unknown) => setTimeout(() => this.#logUnlessObserved(error), 0));
  }

  /** Resolves when the election has ended: with its error, or with undefined. Never rejects. */
  get ended(): Promise<unknown> {
    return this.then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  /** Ends the election. Resolves when the function has returned and the lock is released. Never fails: `ended` has the error. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#over.catch(() => undefined);
  }

  // oxlint-disable-next-line unicorn/no-thenable -- Callers of `elect` await it.
  then<T = void, U = never>(
    onfulfilled?: (() => T | PromiseLike<T>) | null,
    onrejected?: ((reason: unknown) => U | PromiseLike<U>) | null,
  ): Promise<T | U> {
    this.#isObserved = true;
    return this.#over.then(onfulfilled, onrejected);
  }

  catch<U = never>(onrejected?: ((reason: unknown) => U | PromiseLike<U>) | null): Promise<void | U> {
    return this.then(undefined, onrejected);
  }

  finally(onfinally?: (() => void) | null): Promise<void> {
    this.#isObserved = true;
    return this.#over.finally(onfinally);
  }

  /** For logs and debugging. */
  toString(): string {
    return `Election(${this.name})`;
  }

  [INSPECT](): string {
    return this.toString();
  }

  #logUnlessObserved(error: unknown): void {
    if (this.#isObserved) return;
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    const sentence = `The election of the lock ${this.name} has ended: ${message}`;
    warn('OCTOSTORE_ELECTION_FAILED', sentence, stack);
  }
}

/** Campaigns and leads in turn until the signal is aborted. Throws what `lead` throws, and errors that retrying cannot fix. */
export async function elect(
  hold: Hold,
  { once = false, ...options }: ElectOptions,
  lead: Lead,
): Promise<void> {
  for (;;) {
    const lock = await campaign(hold, options);
    if (lock === null) return;
    await whileInUse(lock, () => leadWith(lock, lead, options.signal));
    if (once) return;
  }
}

/** Returns the lock once it is acquired, or null if the signal is aborted first. */
async function campaign(hold: Hold, options: HoldOptions): Promise<LockHandle | null> {
  const { signal } = options;
  for (let failures = 1; ; failures += 1) {
    try {
      return await hold({ ...options, waitSeconds: Infinity });
    } catch (error) {
      if (signal?.aborted === true) return null;
      if (isFinal(error)) throw error;
      if (await isOverWithin(delayMs(failures, retryAfterMs(error)), signal)) return null;
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
