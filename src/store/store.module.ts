import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { BackupJob } from './backup/backup.job.js';
import { DiskSpaceJob } from './jobs/disk-space.job.js';
import { ExpiryJob } from './jobs/expiry.job.js';
import { JobRunner } from './jobs/job-runner.js';
import { TenureJob } from './jobs/tenure.job.js';
import { LockStore } from './lock-store.js';

/** The store and its jobs. All other modules share this one instance. */
@Global()
@Module({
  providers: [JobRunner, ExpiryJob, DiskSpaceJob, BackupJob, TenureJob],
  exports: [JobRunner, DiskSpaceJob, BackupJob],
})
export class StoreModule implements OnApplicationShutdown {
  constructor(private readonly store: LockStore) {}

  /** Runs after the HTTP server has answered its last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
