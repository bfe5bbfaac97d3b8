import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Job, JobResult } from './worker.js';

/** Threads that simulate runs, one for each core. */
export class Fleet {
  readonly #workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('./worker.js', import.meta.url)),
  );

  get size(): number {
    return this.#workers.length;
  }

  /** Gives the jobs to the threads. Calls `done` with each result. If it returns false, the remaining jobs are skipped. */
  async work(jobs: readonly Job[], done: (result: JobResult, job: Job) => boolean): Promise<void> {
    const waiting = [...jobs];
    await Promise.all(
      this.#workers.map(async (worker) => {
        for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
          if (!done(await runJob(worker, job), job)) waiting.length = 0;
        }
      }),
    );
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function runJob(worker: Worker, job: Job): Promise<JobResult> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (result: JobResult) => {
      worker.off('error', reject);
      resolve(result);
    });
    worker.postMessage(job, []);
  });
}
