import { Injectable } from '@nestjs/common';
import { Access } from '../../access/access.js';
import { Accounts } from '../../auth/accounts.js';
import type { Caller } from '../../auth/caller.js';
import { Clock } from '../../clock/clock.js';
import type { LockName } from '../../core/model/lock-name.js';
import { LockStore } from '../../store/lock-store.js';
import { PastLeases } from '../past-leases.js';
import { explain, snapshotOf } from './explain.js';
import type { LockExplanation } from './explanation.dto.js';

/** Explains why a lock is held, and what each request in line waits for. */
@Injectable()
export class ExplainService {
  constructor(
    private readonly store: LockStore,
    private readonly pastLeases: PastLeases,
    private readonly access: Access,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /** Throws `forbidden`. */
  async explain(lockName: LockName, caller: Caller): Promise<LockExplanation> {
    this.access.assertMay(caller, 'observe', { lockName });
    const past = await this.pastLeases.of(lockName);
    return this.store.read((state, now) => {
      // The policy may have changed in the meantime.
      this.access.assertMay(caller, 'observe', { lockName });
      return explain(snapshotOf(lockName, state, now), past, {
        nowMs: this.clock.wallMs(),
        loginOf: (userId) => this.accounts.loginOf(userId),
        toWallMs: (instant) => this.store.toWallMs(instant),
      });
    });
  }
}
