import type { AcquireRequest } from '../model/command.js';
import type { UserId, WaiterId } from '../model/ids.js';
import type { Waiter } from './waiter.js';

/**
 * All waiters, by what they are asked for: the id that the store gave them, or the lease that their client chose. Counts those
 * of each user.
 */
export class WaiterIndex {
  readonly #byId = new Map<WaiterId, Waiter>();
  readonly #byChosenLease = new Map<string, Waiter>();
  readonly #countByUser = new Map<UserId, number>();

  get size(): number {
    return this.#byId.size;
  }

  add(waiter: Waiter): void {
    this.#byId.set(waiter.waiterId, waiter);
    this.#count(waiter, 1);
    if (waiter.request.leaseIdChosen) this.#byChosenLease.set(keyOf(waiter.request), waiter);
  }

  delete(waiter: Waiter): void {
    this.#byId.delete(waiter.waiterId);
    this.#count(waiter, -1);
    if (waiter.request.leaseIdChosen) this.#byChosenLease.delete(keyOf(waiter.request));
  }

  countOf(userId: UserId): number {
    return this.#countByUser.get(userId) ?? 0;
  }

  withId(waiterId: WaiterId): Waiter | null {
    return this.#byId.get(waiterId) ?? null;
  }

  /** The waiter of the same holder that asks for the same client-chosen lease. */
  forChosenLease(request: AcquireRequest): Waiter | null {
    return request.leaseIdChosen ? (this.#byChosenLease.get(keyOf(request)) ?? null) : null;
  }

  #count({ request }: Waiter, change: 1 | -1): void {
    const { userId } = request.holder;
    const count = this.countOf(userId) + change;
    if (count === 0) this.#countByUser.delete(userId);
    else this.#countByUser.set(userId, count);
  }
}

function keyOf({ lockName, leaseId, holder }: AcquireRequest): string {
  return `${lockName} ${leaseId} ${holder.userId} ${holder.sessionId ?? ''}`;
}
