import { pause } from '../../../src/process/time.js';
import { Connection, NoAnswer, type Address } from '../http/connection.js';
import type { Random } from '../random.js';
import { LockCalls } from './lock-calls.js';
import type { SharedState } from './shared-state.js';

/** The admin key of servers whose locks are broken. */
export const BREAKER_KEY = 'the-admin-key-of-the-breaker';

/** Milliseconds between two breaks. Most leases are to end in other ways. */
const PAUSE_MS = { min: 20, max: 300 };

/** An operator who breaks one lock after another. */
export class LockBreaker {
  readonly #connection: Connection;
  readonly #calls: LockCalls;

  constructor(
    address: () => Address,
    private readonly shared: SharedState,
    private readonly random: Random,
  ) {
    this.#connection = new Connection(address, BREAKER_KEY);
    this.#calls = new LockCalls(this.#connection, 'breaker', shared);
  }

  /** Works until the signal aborts. */
  async work(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await pause(this.random.between(PAUSE_MS.min, PAUSE_MS.max));
      try {
        if (!stop.aborted) await this.#calls.break(this.shared.sharedLock(this.random));
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
      }
    }
    this.#connection.cut();
  }
}
