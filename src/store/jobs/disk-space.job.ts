import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { Journal } from '../../journal/journal.js';
import { LockStore } from '../lock-store.js';
import { JobRunner } from './job-runner.js';

const CHECK_EVERY_MS = 250;
const BYTES_PER_MB = 1024 * 1024;

/**
 * Watches the disk that holds the database. On a full disk even a release fails, so new grants are refused while there is
 * still room for renewals and releases. They are accepted again when there is more room.
 */
@Injectable()
export class DiskSpaceJob implements OnModuleInit {
  readonly #logger = new Logger(DiskSpaceJob.name);

  #freeBytes = 0;

  constructor(
    private readonly jobs: JobRunner,
    private readonly store: LockStore,
    private readonly journal: Journal,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.check();
  }

  /** How many bytes could still be written to the database's disk at the last check. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  @Interval(CHECK_EVERY_MS)
  async check(): Promise<void> {
    const { file } = this.journal;
    if (file === null) return;
    await this.jobs.run('disk-space', async () => {
      this.#freeBytes = await file.freeBytes();
      const isLow = this.#freeBytes < this.config.MIN_FREE_DISK_MB * BYTES_PER_MB;
      if (isLow === this.store.admission.isStorageLow) return;
      this.store.admission.setStorageLow(isLow);
      if (isLow)
        this.#logger.error('The disk is nearly full. New grants are refused until you free some space');
      else this.#logger.log('The disk has enough space again. New grants are accepted');
    });
  }
}
