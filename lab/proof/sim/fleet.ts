import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Shift, ShiftResult } from './worker.js';

/** Threads that live lives, one for each core. */
export class Fleet {
  readonly #workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('./worker.js', import.meta.url)),
  );

  get size(): number {
    return this.#workers.length;
  }

  /** Has the threads work off the shifts. `done` hears of each result; false lets the rest be. */
  async work(shifts: readonly Shift[], done: (result: ShiftResult, shift: Shift) => boolean): Promise<void> {
    const waiting = [...shifts];
    await Promise.all(
      this.#workers.map(async (worker) => {
        for (let shift = waiting.shift(); shift !== undefined; shift = waiting.shift()) {
          if (!done(await workOff(worker, shift), shift)) waiting.length = 0;
        }
      }),
    );
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function workOff(worker: Worker, shift: Shift): Promise<ShiftResult> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (result: ShiftResult) => {
      worker.off('error', reject);
      resolve(result);
    });
    worker.postMessage(shift, []);
  });
}
