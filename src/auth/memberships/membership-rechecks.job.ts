import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { JobRunner } from '../../store/jobs/job-runner.js';
import { LockStore } from '../../store/lock-store.js';
import { MembershipRechecks } from './membership-rechecks.js';

const RUN_EVERY_MS = 60_000;

/** Asks the providers again about the groups of accounts. */
@Injectable()
export class MembershipRechecksJob {
  constructor(
    private readonly jobs: JobRunner,
    private readonly store: LockStore,
    private readonly rechecks: MembershipRechecks,
  ) {}

  @Interval(RUN_EVERY_MS)
  async recheck(): Promise<void> {
    if (!this.store.admission.isAvailable) return;
    await this.jobs.run('memberships', () => this.rechecks.run());
  }
}
