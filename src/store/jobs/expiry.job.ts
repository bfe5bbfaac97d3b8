import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { LockStore } from '../lock-store.js';
import { JobRunner } from './job-runner.js';

/** How late the end of a lease, session or wait may be noticed. If nothing is due, a sweep costs one comparison. */
const SWEEP_EVERY_MS = 25;

const CLOCK_CHECK_EVERY_MS = 1000;

/** Ends what is overdue, and notices when the machine's wall clock is set. */
@Injectable()
export class ExpiryJob {
  readonly #logger = new Logger(ExpiryJob.name);

  constructor(
    private readonly jobs: JobRunner,
    private readonly store: LockStore,
  ) {}

  @Interval(SWEEP_EVERY_MS)
  async sweep(): Promise<void> {
    if (!this.store.admission.isAvailable) return;
    await this.jobs.run('expiry', () => this.store.sweep());
  }

  @Interval(CLOCK_CHECK_EVERY_MS)
  async followWallClock(): Promise<void> {
    if (!this.store.admission.isAvailable) return;
    await this.jobs.run('wall-clock', async () => {
      const jumpMs = await this.store.followWallClock();
      if (jumpMs !== 0)
        this.#logger.warn({ message: 'The wall clock was set. No lease is affected', jumpMs });
    });
  }
}
