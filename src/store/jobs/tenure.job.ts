import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { LockStore } from '../lock-store.js';

/** Several times in each period in which the journal needs a commit. */
const TEND_EVERY_MS = 150;

/** Keeps this process in the lead of a database that others can connect to as well. Does nothing for a database file. */
@Injectable()
export class TenureJob {
  readonly #logger = new Logger(TenureJob.name);
  #isAvailable = true;

  constructor(private readonly store: LockStore) {}

  @Interval(TEND_EVERY_MS)
  tend(): void {
    this.store.tend();
    const { isRunning, isAvailable } = this.store.admission;
    if (!isRunning || isAvailable === this.#isAvailable) return;
    this.#isAvailable = isAvailable;
    if (isAvailable) this.#logger.log('The database answers again. Nothing was lost');
    else this.#logger.error('The database does not answer. Clients are refused until it does');
  }
}
