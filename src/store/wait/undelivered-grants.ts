import type { Arrival, FencingToken } from '../../core/model/ids.js';
import type { Outcome, Settlement } from '../../core/model/outcome.js';

/**
 * Grants to waiting clients that neither the client nor another request of the holder has received yet, with the places in line that
 * they had.
 */
export class UndeliveredGrants {
  readonly #arrivals = new Map<FencingToken, Arrival>();

  /** Records that these answers are on their way to waiting clients. */
  sent(settlements: readonly Settlement[]): void {
    for (const { answer, arrival } of settlements) {
      if (answer.kind === 'acquired') this.#arrivals.set(answer.lease.fencingToken, arrival);
    }
  }

  /** Another request of the holder receives the lease, perhaps while the grant is still on its way. */
  seen(outcome: Outcome): void {
    if (outcome.kind === 'already_held' || outcome.kind === 'renewed' || outcome.kind === 'converted') {
      this.#arrivals.delete(outcome.lease.fencingToken);
    }
  }

  /** Records that the grant has arrived. Returns its place in line, or null if another request has received the lease before. */
  arrived(token: FencingToken): Arrival | null {
    const arrival = this.#arrivals.get(token) ?? null;
    this.#arrivals.delete(token);
    return arrival;
  }
}
