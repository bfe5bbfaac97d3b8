import type { Settings } from '../../../src/bench/server/server-process.js';

/** The clocks of processes that start with its environment. */
export interface FakeClock {
  readonly environment: Settings;
  /** Sets how far the wall clock is from the machine's, in seconds. */
  set(offsetSeconds: number): void;
  remove(): void;
}
