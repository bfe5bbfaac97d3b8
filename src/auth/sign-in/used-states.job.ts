import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { JobRunner } from '../../store/jobs/job-runner.js';
import { LockStore } from '../../store/lock-store.js';
import { UsedStates } from './used-states.js';

/** How late an expired state may be deleted. */
const CHECK_EVERY_MS = 60_000;

/** Deletes the states of sign-ins when they have expired. */
@Injectable()
export class UsedStatesJob {
  constructor(
    private readonly jobs: JobRunner,
    private readonly store: LockStore,
    private readonly states: UsedStates,
  ) {}

  @Interval(CHECK_EVERY_MS)
  async forget(): Promise<void> {
    if (!this.store.admission.isAvailable) return;
    await this.jobs.run('used-states', () => this.states.forgetExpired());
  }
}
