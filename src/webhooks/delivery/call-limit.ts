import type { Clock } from '../../clock/clock.js';

/** Calls to receivers that have just begun, over all webhooks. */
const SLOTS = 64;

/** How long a call keeps its slot, in milliseconds. One that takes longer goes on without. */
export const SLOT_HELD_MAX_MS = 1_000;

/**
 * Bounds the calls that begin at the same time. Whoever waits for a slot gets one in turn, so no webhook is passed over.
 * Receivers that hang keep nobody waiting for long: only 64 calls a second can turn out to be slow, so with 15 seconds for
 * each call at most 960 are under way.
 */
export class DeliverySlots {
  readonly #clock: Clock;
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(clock: Clock, slots = SLOTS) {
    this.#clock = clock;
    this.#free = slots;
  }

  /** Runs a task in a slot, when there is one. */
  async use<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    let isHeld = true;
    const giveBack = (): void => {
      if (isHeld) this.#release();
      isHeld = false;
    };
    const cancelTimer = this.#clock.after(SLOT_HELD_MAX_MS, giveBack);
    try {
      return await task();
    } finally {
      cancelTimer();
      giveBack();
    }
  }

  #release(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
