import type { Settings } from '../../../src/bench/server/server-process.js';
import { ClockFile } from './clock-file.js';
import type { FakeClock } from './fake-clock.js';

/** Longer than any process runs. */
const NEVER_READ_AGAIN_SECONDS = 1_000_000_000;

/** Clocks that run too fast, the monotonic clock and timers included. */
export class FastClock implements FakeClock {
  readonly #file = new ClockFile();
  readonly environment: Settings = {
    ...this.#file.environment,
    FAKETIME_CACHE_DURATION: String(NEVER_READ_AGAIN_SECONDS),
  };

  /** @param rate in seconds per second. */
  constructor(readonly rate: number) {
    this.set(0);
  }

  /** It takes effect for processes that start later. In one that runs, the monotonic clock would jump too. */
  set(offsetSeconds: number): void {
    this.#file.write(offsetSeconds, this.rate);
  }

  remove(): void {
    this.#file.remove();
  }
}
