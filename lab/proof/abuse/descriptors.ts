import { readdirSync } from 'node:fs';
import { pause } from '../../../src/process/time.js';

const POLL_MS = 50;
const STABLE_POLLS = 4;

/** The file descriptors of a process. */
export class Descriptors {
  /** The number without clients. */
  baseline = 0;

  constructor(private readonly processId: number) {}

  get count(): number {
    return readdirSync(`/proc/${this.processId}/fd`).length;
  }

  /** How many more there are than the baseline. */
  get extra(): number {
    return this.count - this.baseline;
  }

  /** Waits until the number no longer changes, and makes it the baseline. */
  async settle(): Promise<void> {
    for (let stable = 0; stable < STABLE_POLLS;) {
      await pause(POLL_MS);
      const count = this.count;
      stable = count === this.baseline ? stable + 1 : 0;
      this.baseline = count;
    }
  }
}
