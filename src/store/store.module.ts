import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { SqliteLocation } from '../installation/sqlite-location.js';
import { BackupJob } from './backup/backup.job.js';
import { DiskSpaceJob } from './jobs/disk-space.job.js';
import { ExpiryJob } from './jobs/expiry.job.js';
import { JobRunner } from './jobs/job-runner.js';
import { Journal } from '../journal/journal.js';
import { openJournal } from '../journal/open-journal.js';
import { LockStore } from './lock-store.js';
import { storeOptionsOf } from './store-options.js';

/** The one writer and the jobs that keep it tidy. Every other module shares this one instance. */
@Global()
@Module({
  providers: [
    { provide: Journal, inject: [SqliteLocation], useFactory: openJournal },
    {
      provide: LockStore,
      inject: [Journal, Clock, CONFIG],
      useFactory: (journal: Journal, clock: Clock, config: Config) =>
        LockStore.lead(journal, clock, storeOptionsOf(config)),
    },
    JobRunner,
    ExpiryJob,
    DiskSpaceJob,
    BackupJob,
  ],
  exports: [Journal, LockStore, JobRunner, DiskSpaceJob, BackupJob],
})
export class StoreModule implements OnApplicationShutdown {
  constructor(private readonly store: LockStore) {}

  /** Runs after the HTTP server has answered its last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
    await this.store.journal.close();
  }
}
