import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { LockStore } from '../lock-store.js';

/** Several times in each period in which the journal needs a commit. */
const TEND_EVERY_MS = 150;

/** Keeps this process in the lead of a database that others can connect to as well. Does nothing for a database file. */
@Injectable()
export class TenureJob {
  constructor(private readonly store: LockStore) {}

  @Interval(TEND_EVERY_MS)
  tend(): void {
    this.store.tend();
  }
}
