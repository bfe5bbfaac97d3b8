import { Injectable } from '@nestjs/common';
import { Access } from '../access/access.js';
import { Accounts } from '../auth/accounts.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../clock/clock.js';
import type { FencingToken } from '../core/model/ids.js';
import type { LockName } from '../core/model/lock-name.js';
import { Slots } from '../events/slots.js';
import { LockStore } from '../store/lock-store.js';
import { HISTORY_LEASES, type LockHistoryQuery, type LockHistory } from './history.dto.js';
import { presentHolding } from './holding-presenter.js';
import { readHistory } from './lock-history.js';

/** Shows which leases held a lock. */
@Injectable()
export class HistoryService {
  /** Commits use the same database connection, so only one history is read at a time. */
  readonly #reading = new Slots(1);

  constructor(
    private readonly store: LockStore,
    private readonly access: Access,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /** Throws `forbidden`. */
  async history(
    lockName: LockName,
    { limit, before }: LockHistoryQuery,
    caller: Caller,
  ): Promise<LockHistory> {
    this.access.assertMay(caller, 'observe', { lockName });
    const query = {
      lockName,
      limit: limit ?? HISTORY_LEASES.default,
      before: (before ?? null) as FencingToken | null,
    };
    const { holdings, nextBefore } = await this.#reading.use(() => readHistory(this.store.log, query));
    const nowMs = this.clock.wallMs();
    const loginOf = (userId: Caller['userId']): string => this.accounts.loginOf(userId);
    return {
      name: lockName,
      leases: holdings.map((holding) => presentHolding(holding, nowMs, loginOf)),
      next_before: nextBefore,
    };
  }
}
