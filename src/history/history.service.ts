import { Injectable } from '@nestjs/common';
import { Access } from '../access/access.js';
import { Accounts } from '../auth/accounts.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../clock/clock.js';
import type { LockName } from '../core/model/lock-name.js';
import { HISTORY_LEASES, type LockHistory, type LockHistoryQuery } from './history.dto.js';
import { presentHolding } from './holding-presenter.js';
import { PastLeases } from './past-leases.js';

/** Shows which leases have held a lock. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly pastLeases: PastLeases,
    private readonly access: Access,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /** Throws `forbidden`. */
  async history(lockName: LockName, { limit }: LockHistoryQuery, caller: Caller): Promise<LockHistory> {
    this.access.assertMay(caller, 'observe', { lockName });
    const { leases } = await this.pastLeases.of(lockName);
    // The policy may have changed while the log was being read.
    this.access.assertMay(caller, 'observe', { lockName });
    const nowMs = this.clock.wallMs();
    const loginOf = (userId: Caller['userId']): string => this.accounts.loginOf(userId);
    const shown = leases.slice(-(limit ?? HISTORY_LEASES.default)).toReversed();
    return { name: lockName, leases: shown.map((lease) => presentHolding(lease, nowMs, loginOf)) };
  }
}
