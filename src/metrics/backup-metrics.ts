import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { BackupJob } from '../store/backup/backup.job.js';
import { MetricsRegistry } from './metrics-registry.js';

/** Metrics of the scheduled backups. */
@Injectable()
export class BackupMetrics {
  constructor(registry: MetricsRegistry, backups: BackupJob) {
    registry.registerMetric(lastSuccess(backups));
    registry.registerMetric(failures(backups));
  }
}

/** Has no value if scheduled backups are off, so that no alert fires there. */
function lastSuccess(backups: BackupJob): Gauge {
  return new Gauge({
    name: 'octostore_backup_last_success_timestamp_seconds',
    help: 'Time of the newest scheduled backup, in seconds since 1970. 0 if there is none yet',
    registers: [],
    collect() {
      const { lastSuccessMs } = backups;
      if (lastSuccessMs === null) this.remove();
      else this.set(lastSuccessMs / 1000);
    },
  });
}

function failures(backups: BackupJob): Counter {
  return new Counter({
    name: 'octostore_backup_failures_total',
    help: 'Scheduled backups that failed',
    registers: [],
    collect() {
      this.reset();
      this.inc(backups.failures);
    },
  });
}
