import { Injectable } from '@nestjs/common';
import { Accounts } from '../../auth/accounts.js';
import { Clock } from '../../clock/clock.js';
import { LockStore } from '../../store/lock-store.js';
import type { Terms } from './explain.js';

/** How this server tells times and names at the moment. */
@Injectable()
export class PresentTerms {
  constructor(
    private readonly store: LockStore,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  now(): Terms {
    return {
      nowMs: this.clock.wallMs(),
      loginOf: (userId) => this.accounts.loginOf(userId),
      toWallMs: (instant) => this.store.toWallMs(instant),
    };
  }
}
