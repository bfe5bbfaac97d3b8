import type { Settings } from '../../../src/bench/server/server-process.js';
import { ClockFile } from './clock-file.js';
import type { FakeClock } from './fake-clock.js';

/** A wall clock that the proof can set. The monotonic clock is the machine's. */
export class FakeWallClock implements FakeClock {
  readonly #file = new ClockFile();
  readonly environment: Settings = {
    ...this.#file.environment,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  jumps = 0;

  constructor() {
    this.set(0);
  }

  /** It takes effect immediately. */
  set(offsetSeconds: number): void {
    this.#file.write(offsetSeconds);
    this.jumps += 1;
  }

  remove(): void {
    this.#file.remove();
  }
}
