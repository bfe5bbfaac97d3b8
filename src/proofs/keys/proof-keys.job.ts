import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { JobRunner } from '../../store/jobs/job-runner.js';
import { LockStore } from '../../store/lock-store.js';
import { ProofKeys } from './proof-keys.js';

/** How late a key may be replaced, retired or forgotten. The wall clock, which can be set at any time, says when that is due. */
const CHECK_EVERY_MS = 60_000;

/** Rotates the keys that sign proofs. */
@Injectable()
export class ProofKeysJob {
  constructor(
    private readonly jobs: JobRunner,
    private readonly store: LockStore,
    private readonly keys: ProofKeys,
  ) {}

  @Interval(CHECK_EVERY_MS)
  async rotate(): Promise<void> {
    if (!this.store.admission.isAvailable) return;
    await this.jobs.run('proof-keys', () => this.keys.rotate());
  }
}
