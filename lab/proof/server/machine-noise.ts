import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nowMs, pause } from '../../../src/process/time.js';
import { Durations } from './durations.js';

const PROBE_EVERY_MS = 10;
const PAGE = Buffer.alloc(4096, 1);

/**
 * How late the machine itself is, whatever the server does: how long a thread with nothing to do waits for its turn and for
 * one small write to be on disk. Tells a slow server from a busy machine.
 */
export class MachineNoise {
  readonly #folder = mkdtempSync(join(tmpdir(), 'octostore-noise-'));
  readonly #file = openSync(join(this.#folder, 'page'), 'w');
  #durations = new Durations();
  #isOver = false;
  readonly #work = this.#probeOnAndOn();

  /** What was measured since this was last asked. */
  take(): Durations {
    const durations = this.#durations;
    this.#durations = new Durations();
    return durations;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#work;
    closeSync(this.#file);
    rmSync(this.#folder, { recursive: true });
  }

  async #probeOnAndOn(): Promise<void> {
    while (!this.#isOver) {
      const dueMs = nowMs() + PROBE_EVERY_MS;
      await pause(PROBE_EVERY_MS);
      writeSync(this.#file, PAGE, 0, PAGE.length, 0);
      fsyncSync(this.#file);
      this.#durations.add(Math.max(0, nowMs() - dueMs));
    }
  }
}
