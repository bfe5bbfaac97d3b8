import { Inject, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { AuditTrail } from '../../audit/audit-trail.js';
import { pruneBefore } from '../../audit/prune.js';
import { Clock } from '../../clock/clock.js';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { JobRunner } from '../../store/jobs/job-runner.js';
import { LockStore } from '../../store/lock-store.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Deletes old records of the audit. */
@Injectable()
export class AuditRetentionJob {
  /** Operators know these log lines by this context. */
  readonly #logger = new Logger('Audit');

  constructor(
    private readonly jobs: JobRunner,
    private readonly store: LockStore,
    private readonly trail: AuditTrail,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'AUDIT_RETENTION_DAYS'>,
  ) {}

  @Interval(HOUR_MS)
  async prune(): Promise<void> {
    const { store, trail } = this;
    if (!store.admission.isAvailable) return;
    const beforeMs = this.clock.wallMs() - this.config.AUDIT_RETENTION_DAYS * DAY_MS;
    const write = (rows: Parameters<LockStore['write']>[0]): Promise<void> => store.write(rows);
    await this.jobs.run('audit-retention', async () => {
      if (await pruneBefore({ journal: store.journal, trail, write }, beforeMs)) return;
      this.#logger.warn(
        'Old records of the audit were edited, so they are kept, with all that come after them. Run "octostore audit verify"',
      );
    });
  }
}
