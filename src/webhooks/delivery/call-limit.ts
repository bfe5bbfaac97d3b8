import type { Clock } from '../../clock/clock.js';

/** How many calls to receivers, over all webhooks, may be in their first second at the same time. */
const CALLS_BEGINNING_MAX = 64;

/** How long a call counts towards the limit, in milliseconds. If it takes longer, it continues without counting. */
export const CALL_COUNTS_MAX_MS = 1_000;

/**
 * Limits the calls that begin at the same time. Calls wait in the order they arrive, so no webhook is left out. Receivers
 * that hang do not hold up the others for long: at most 64 slow calls can begin per second and, with 15 seconds for each
 * call, at most 960 are under way.
 */
export class CallLimit {
  readonly #clock: Clock;
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(clock: Clock, limit = CALLS_BEGINNING_MAX) {
    this.#clock = clock;
    this.#free = limit;
  }

  /** Runs a call as soon as the limit allows. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let isCounted = true;
    const uncount = (): void => {
      if (isCounted) this.#letNextBegin();
      isCounted = false;
    };
    const cancelTimer = this.#clock.after(CALL_COUNTS_MAX_MS, uncount);
    try {
      return await call();
    } finally {
      cancelTimer();
      uncount();
    }
  }

  #letNextBegin(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
