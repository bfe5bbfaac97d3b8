import { Logger } from '@nestjs/common';
import type { CancelTimer, Clock } from '../clock/clock.js';

/** How long to wait before work that failed unexpectedly is tried again. */
const RETRY_AFTER_MS = 5_000;

/**
 * Runs work when there is some: never twice at a time, and once more if it was asked for while it ran, so that nothing is
 * overlooked. Work that throws is logged and tried again later.
 */
export class Pump {
  readonly #logger = new Logger(Pump.name);
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

  /** There may be something to do. */
  poke(): void {
    if (this.#isStopped) return;
    this.#isWanted = true;
    this.#running ??= this.#run();
  }

  /** Begins no more work and waits for what is under way. */
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
    this.#logger.error({ message: `The work "${this.#name}" failed and is tried again`, error });
    this.#cancelRetry = this.#clock.after(RETRY_AFTER_MS, () => this.poke());
  }
}
