import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';

/**
 * Runs the service's periodic work. A timer only says that it is time: a job that still runs is not started again, one
 * that fails is logged and runs again next time, and a stop waits for what is under way.
 */
@Injectable()
export class JobRunner implements BeforeApplicationShutdown {
  readonly #logger = new Logger(JobRunner.name);
  readonly #running = new Map<string, Promise<void>>();
  #isStopped = false;

  /** Runs a job unless it runs already or the service is stopping. Never rejects. */
  run(name: string, job: () => Promise<void>): Promise<void> {
    const running = this.#running.get(name);
    if (running !== undefined) return running;
    if (this.#isStopped) return Promise.resolve();
    const run = this.#guard(name, job).finally(() => this.#running.delete(name));
    this.#running.set(name, run);
    return run;
  }

  /** Starts nothing more and waits for what runs. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#running.values());
  }

  async #guard(name: string, job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      this.#logger.error({ message: `The job "${name}" failed`, error });
    }
  }
}
