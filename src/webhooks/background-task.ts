import { Logger } from '@nestjs/common';
import type { CancelTimer, Clock } from '../clock/clock.js';

/** How long to wait before work that failed is tried again, in milliseconds. */
const RETRY_AFTER_MS = 5_000;

/**
 * Runs work in the background. It never runs twice at the same time. If you wake it while it runs, it runs once more
 * afterwards, so no work is missed. If the work throws, the error is logged and the work is tried again later.
 */
export class BackgroundTask {
  /** Operators know these log lines by this context. */
  readonly #logger = new Logger('Pump');
  readonly #clock: Clock;
  readonly #name: string;
  readonly #work: () => Promise<void>;
  #isWanted = false;
  #isStopped = false;
  #running: Promise<void> | null = null;
  #cancelRetry: CancelTimer = () => undefined;

  constructor(clock: Clock, name: string, work: () => Promise<void>) {
    this.#clock = clock;
    this.#name = name;
    this.#work = work;
  }

  /** Whether the work must end. Long work checks this between its steps. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Runs the work, because there may be something to do. */
  wake(): void {
    if (this.#isStopped) return;
    this.#isWanted = true;
    this.#running ??= this.#run();
  }

  /** Starts no more work, and waits for the work that is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelRetry();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      await this.#work().catch((error: unknown) => this.#failed(error));
    }
    this.#running = null;
  }

  #failed(error: unknown): void {
    if (this.#isStopped) return;
    this.#logger.error({ message: `The work "${this.#name}" failed and will be tried again`, error });
    this.#cancelRetry = this.#clock.after(RETRY_AFTER_MS, () => this.wake());
  }
}
