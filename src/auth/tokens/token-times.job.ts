import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { JobRunner } from '../../store/jobs/job-runner.js';
import { LockStore } from '../../store/lock-store.js';
import { Accounts } from '../accounts.js';

/** How late what waits for the end of a token may be told that it has expired. The token itself is refused at once. */
const END_EVERY_MS = 1000;

/** How much of the times of last use a crash may lose. */
const RECORD_EVERY_MS = 60_000;

/** Ends tokens that have expired, and records when tokens were last used. */
@Injectable()
export class TokenTimesJob {
  constructor(
    private readonly jobs: JobRunner,
    private readonly store: LockStore,
    private readonly accounts: Accounts,
  ) {}

  @Interval(END_EVERY_MS)
  async endExpired(): Promise<void> {
    await this.jobs.run('expired-tokens', () => this.accounts.endExpiredTokens());
  }

  @Interval(RECORD_EVERY_MS)
  async recordUses(): Promise<void> {
    if (!this.store.admission.isAvailable) return;
    await this.jobs.run('token-uses', () => this.accounts.recordTokenUses());
  }
}
