import { Injectable } from '@nestjs/common';
import { Access } from '../../access/access.js';
import type { Caller } from '../../auth/caller.js';
import type { LeaseId } from '../../core/model/ids.js';
import type { LockName } from '../../core/model/lock-name.js';
import type { QueuedPlace } from '../../core/state/state-view.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { LockStore } from '../../store/lock-store.js';
import { LeasePresenter } from '../lease-presenter.js';
import { ScopedLeases } from '../scoped-leases.js';
import type { LeftQueue, Queue, QueuePlace } from './queue.dto.js';

/** How many places of a line are shown. */
const PLACES_MAX = 100;

/** Shows the line of a lock, and lets a client leave it. */
@Injectable()
export class QueuesService {
  constructor(
    private readonly store: LockStore,
    private readonly access: Access,
    private readonly present: LeasePresenter,
    private readonly scoped: ScopedLeases,
  ) {}

  /** Throws `forbidden`. */
  async queue(lockName: LockName, caller: Caller): Promise<Queue> {
    this.access.assertMay(caller, 'observe', { lockName });
    return this.store.read((state) => {
      const { places, total } = state.queue(lockName, PLACES_MAX);
      const queue = places.map((place) => this.#place(place, caller));
      return { name: lockName, waiters: state.queueLength(lockName), total, queue };
    });
  }

  /** Leaving the line needs no grant, but a token with scopes leaves only those that they include. Throws `forbidden`. */
  async leave(lockName: LockName, leaseId: LeaseId, caller: Caller): Promise<LeftQueue> {
    this.scoped.assertMayLeave({ lockName, leaseId }, caller);
    const { userId } = caller;
    const outcome = await this.store.execute({ kind: 'give_up_place', lockName, userId, leaseId });
    if (outcome.kind === 'not_queued') throw new OctoStoreError('place_not_found');
    return { status: 'left', message: 'You left the line' };
  }

  #place(place: QueuedPlace, { userId, scope }: Caller): QueuePlace {
    const { position, holder, since, demand, isAsking, leaseId, lockNames } = place;
    const isOwn = holder.userId === userId && (scope === null || scope.allowsAll('acquire', lockNames));
    return {
      position,
      holder: this.present.loginOf(holder),
      holder_id: holder.userId,
      since: this.present.timeOf(since),
      ...demand,
      asking: isAsking,
      lease_id: isOwn ? leaseId : null,
    };
  }
}
