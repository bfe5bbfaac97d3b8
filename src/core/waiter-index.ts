import type { AcquireRequest } from './command.js';
import type { WaiterId } from './ids.js';
import type { Waiter } from './waiter.js';

/** All waiters, by what they are asked for: the id that the store gave them, or the lease that their client chose. */
export class WaiterIndex {
  readonly #byId = new Map<WaiterId, Waiter>();
  readonly #byChosenLease = new Map<string, Waiter>();

  get size(): number {
    return this.#byId.size;
  }

  add(waiter: Waiter): void {
    this.#byId.set(waiter.waiterId, waiter);
    if (waiter.request.leaseIdChosen) this.#byChosenLease.set(keyOf(waiter.request), waiter);
  }

  delete(waiter: Waiter): void {
    this.#byId.delete(waiter.waiterId);
    if (waiter.request.leaseIdChosen) this.#byChosenLease.delete(keyOf(waiter.request));
  }

  withId(waiterId: WaiterId): Waiter | null {
    return this.#byId.get(waiterId) ?? null;
  }

  /** The waiter of the same holder that asks for the same client-chosen lease. */
  forChosenLease(request: AcquireRequest): Waiter | null {
    return request.leaseIdChosen ? (this.#byChosenLease.get(keyOf(request)) ?? null) : null;
  }
}

function keyOf({ lockName, leaseId, holder }: AcquireRequest): string {
  return `${lockName} ${leaseId} ${holder.userId} ${holder.sessionId ?? ''}`;
}
