import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { DatabaseLocation } from '../installation/database-location.js';
import { BackupJob } from './backup.job.js';
import { DiskSpaceJob } from './disk-space.job.js';
import { ExpiryJob } from './expiry.job.js';
import { JobRunner } from './job-runner.js';
import { Journal } from './journal.js';
import { LockStore } from './lock-store.js';
import { SqliteJournal } from './sqlite/sqlite-journal.js';
import { storeOptionsOf } from './store-options.js';

/** The one writer and the jobs that keep it tidy. Every other module shares this one instance. */
@Global()
@Module({
  providers: [
    {
      provide: LockStore,
      inject: [Clock, CONFIG, DatabaseLocation],
      useFactory: (clock: Clock, config: Config, location: DatabaseLocation) =>
        LockStore.open(new SqliteJournal(location), clock, storeOptionsOf(config)),
    },
    // Handed out by the store, so that nobody has a journal that is not open yet.
    { provide: Journal, inject: [LockStore], useFactory: (store: LockStore) => store.journal },
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
  }
}
