/** Calls to receivers that are under way at the same time, over all webhooks. */
const SLOTS = 64;

/** Bounds the calls that are under way. Whoever waits for a slot gets one in turn, so no webhook is passed over. */
export class DeliverySlots {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(slots = SLOTS) {
    this.#free = slots;
  }

  /** Runs a task in a slot, when there is one. */
  async use<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    try {
      return await task();
    } finally {
      this.#release();
    }
  }

  #release(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
