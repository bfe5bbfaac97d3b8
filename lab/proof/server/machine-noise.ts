import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nowMs, pause } from '../../../src/process/time.js';
import { Durations } from './durations.js';

const PROBE_EVERY_MS = 10;
const PAGE = Buffer.alloc(4096, 1);

/**
 * Measures the delay that comes from the machine, not from the server: how long an idle thread waits for a processor and for one
 * small write to reach the disk. This distinguishes a slow server from a busy machine.
 */
export class MachineNoise {
  readonly #folder = mkdtempSync(join(tmpdir(), 'octostore-noise-'));
  readonly #file = openSync(join(this.#folder, 'page'), 'w');
  #durations = new Durations();
  #isStopped = false;
  readonly #work = this.#probeRepeatedly();

  /** The delays since the last call. */
  take(): Durations {
    const durations = this.#durations;
    this.#durations = new Durations();
    return durations;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#work;
    closeSync(this.#file);
    rmSync(this.#folder, { recursive: true });
  }

  async #probeRepeatedly(): Promise<void> {
    while (!this.#isStopped) {
      const dueMs = nowMs() + PROBE_EVERY_MS;
      await pause(PROBE_EVERY_MS);
      writeSync(this.#file, PAGE, 0, PAGE.length, 0);
      fsyncSync(this.#file);
      this.#durations.add(Math.max(0, nowMs() - dueMs));
    }
  }
}
