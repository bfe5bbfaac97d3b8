import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { AnyCounts } from './figures.js';
import type { Job, JobResult } from './serve-jobs.js';

/** Threads that simulate runs, one for each core. */
export class Fleet<C extends AnyCounts> {
  readonly #workers: readonly Worker[];

  /** @param program what each thread runs. It serves jobs. */
  constructor(program: URL) {
    this.#workers = Array.from({ length: availableParallelism() }, () => new Worker(program));
  }

  get size(): number {
    return this.#workers.length;
  }

  /** Gives the jobs to the threads. Calls `done` with each result. If it returns false, the remaining jobs are skipped. */
  async work(jobs: readonly Job[], done: (result: JobResult<C>, job: Job) => boolean): Promise<void> {
    const waiting = [...jobs];
    await Promise.all(
      this.#workers.map(async (worker) => {
        for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
          if (!done(await runJob<C>(worker, job), job)) waiting.length = 0;
        }
      }),
    );
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function runJob<C extends AnyCounts>(worker: Worker, job: Job): Promise<JobResult<C>> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (result: JobResult<C>) => {
      worker.off('error', reject);
      resolve(result);
    });
    worker.postMessage(job, []);
  });
}
