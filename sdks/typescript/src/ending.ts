import { NotFoundError } from './errors.js';
import type { Keeper } from './keeper.js';
import { briefLimits, type Limits } from './limits.js';
import { nowMs } from './time.js';

/** Ends a lease or a session on the server, once, and in no more time than what is left of it. */
export class Ending {
  readonly #keeper: Keeper;
  readonly #send: (limits: Limits) => Promise<void>;
  #ended: Promise<void> | undefined;

  /** @param send asks the server to end it. */
  constructor(keeper: Keeper, send: (limits: Limits) => Promise<void>) {
    this.#keeper = keeper;
    this.#send = send;
  }

  get hasBegun(): boolean {
    return this.#ended !== undefined;
  }

  /** Throws if the server cannot be reached in time, but not if it was already lost. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    const { isGone, isLost, remainingMs } = this.#keeper;
    this.#keeper.stop();
    if (isGone) return;
    if (isLost) this.#send(briefLimits()).catch(() => undefined);
    else await this.#release(remainingMs);
  }

  async #release(withinMs: number): Promise<void> {
    try {
      await this.#send({ deadlineMs: nowMs() + withinMs }).catch(ignoreGone);
    } catch (error) {
      this.#keeper.noteRelease(error);
      throw error;
    }
    this.#keeper.noteRelease();
  }
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof NotFoundError)) throw error;
}
