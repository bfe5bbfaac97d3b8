import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { BackupJob } from '../store/backup.job.js';
import { MetricsRegistry } from './metrics-registry.js';

/** How the scheduled backups go. Without any wanted, the time of the last one has no value. */
@Injectable()
export class BackupMetrics {
  constructor(registry: MetricsRegistry, backups: BackupJob) {
    const registers = [registry];
    new Gauge({
      name: 'octostore_backup_last_success_timestamp_seconds',
      help: 'Time of the newest scheduled backup, in seconds since 1970; 0 if there is none yet',
      registers,
      collect() {
        const { lastSuccessMs } = backups;
        if (lastSuccessMs === null) this.remove();
        else this.set(lastSuccessMs / 1000);
      },
    });
    new Counter({
      name: 'octostore_backup_failures_total',
      help: 'Scheduled backups that failed',
      registers,
      collect() {
        this.reset();
        this.inc(backups.failures);
      },
    });
  }
}
