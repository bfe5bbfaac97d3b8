import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';

/**
 * Runs the service's periodic jobs. A job that is still running is not started again. A job that fails is logged, and runs
 * again next time. A stop waits for running jobs.
 */
@Injectable()
export class JobRunner implements BeforeApplicationShutdown {
  readonly #logger = new Logger(JobRunner.name);
  readonly #running = new Map<string, Promise<void>>();
  #isStopped = false;

  /** Runs a job, unless it is already running or the service is stopping. Never rejects. */
  run(name: string, job: () => Promise<void>): Promise<void> {
    const running = this.#running.get(name);
    if (running !== undefined) return running;
    if (this.#isStopped) return Promise.resolve();
    const run = this.#runAndLogErrors(name, job).finally(() => this.#running.delete(name));
    this.#running.set(name, run);
    return run;
  }

  /** Starts no more jobs, and waits for those that are running. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#running.values());
  }

  async #runAndLogErrors(name: string, job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      this.#logger.error({ message: `The job "${name}" failed`, error });
    }
  }
}
