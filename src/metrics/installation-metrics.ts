import { Inject, Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Journal } from '../journal/journal.js';
import { DiskSpaceJob } from '../store/jobs/disk-space.job.js';
import { addBuildInfo } from './build-info.js';
import { MetricsRegistry } from './metrics-registry.js';
import { gauge } from './gauge.js';

/** Metrics of the installation: its version, limits and disk. */
@Injectable()
export class InstallationMetrics {
  constructor(
    registry: MetricsRegistry,
    disk: DiskSpaceJob,
    journal: Journal,
    @Inject(CONFIG) config: Config,
  ) {
    const registers = [registry];
    addBuildInfo(registers);
    const limits = new Gauge({
      name: 'octostore_limit',
      help: 'The limits in force, by setting',
      labelNames: ['setting'],
      registers,
    });
    for (const [setting, limit] of limitsOf(config)) limits.set({ setting }, limit);
    // The disk of a database that is not a file is not this server's.
    if (journal.file === null) return;
    gauge('octostore_free_disk_bytes', "Free bytes on the database's disk", registers, () => disk.freeBytes);
  }
}

function limitsOf(config: Config): [string, number][] {
  return Object.entries(config).filter(
    (entry): entry is [string, number] => entry[0].startsWith('MAX_') && typeof entry[1] === 'number',
  );
}
