import { Injectable } from '@nestjs/common';
import { Access } from '../../access/access.js';
import type { Caller } from '../../auth/caller.js';
import type { LockName } from '../../core/model/lock-name.js';
import { rfc3339 } from '../../events/event-fields.js';
import { LockStore } from '../../store/lock-store.js';
import { snapshotOf, summarize } from '../explain/explain.js';
import { PresentTerms } from '../explain/present-terms.js';
import { PastLeases } from '../past-leases.js';
import { LINES, type ListQueuesQuery, type QueueList } from './lines.dto.js';
import { longestLines } from './longest-lines.js';

/** A summary names two holders at most. */
const NAMED_MAX = 2;

/** Lists the locks that most requests wait for. */
@Injectable()
export class LinesService {
  constructor(
    private readonly store: LockStore,
    private readonly pastLeases: PastLeases,
    private readonly access: Access,
    private readonly terms: PresentTerms,
  ) {}

  async list({ prefix = '', limit = LINES.default }: ListQueuesQuery, caller: Caller): Promise<QueueList> {
    await this.pastLeases.whenRead();
    return this.store.read((state, now) => {
      const isShown = (lockName: LockName): boolean =>
        lockName.startsWith(prefix) && this.access.may(caller, 'observe', { lockName });
      const { lines, total } = longestLines(state.waitingRequests(), limit, isShown);
      const terms = this.terms.now();
      const queues = lines.map(({ lockName, waiters, since }) => ({
        name: lockName,
        waiters,
        waiting_since: rfc3339(terms.toWallMs(since)),
        summary: summarize(
          snapshotOf(lockName, state, now, NAMED_MAX),
          this.pastLeases.known(lockName),
          terms,
        ),
      }));
      return { queues, total };
    });
  }
}
