import { readdirSync } from 'node:fs';
import { pause } from '../../../src/process/time.js';

const LOOK_EVERY_MS = 50;
const CALM_LOOKS = 4;

/** The file descriptors of a process. */
export class Descriptors {
  /** As many as it has without clients. */
  quiet = 0;

  constructor(private readonly processId: number) {}

  get count(): number {
    return readdirSync(`/proc/${this.processId}/fd`).length;
  }

  /** How many there are beyond the quiet count. */
  get extra(): number {
    return this.count - this.quiet;
  }

  /** Takes the count for the quiet one when it no longer changes. */
  async settle(): Promise<void> {
    for (let calm = 0; calm < CALM_LOOKS;) {
      await pause(LOOK_EVERY_MS);
      const count = this.count;
      calm = count === this.quiet ? calm + 1 : 0;
      this.quiet = count;
    }
  }
}
