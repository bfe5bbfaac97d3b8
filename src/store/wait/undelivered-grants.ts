import type { FencingToken } from '../../core/model/ids.js';
import type { Outcome, Settlement } from '../../core/model/outcome.js';

/** Grants to waiting clients that neither the client nor another request of the holder has received yet. */
export class UndeliveredGrants {
  readonly #tokens = new Set<FencingToken>();

  /** Records that these answers are on their way to waiting clients. */
  sent(settlements: readonly Settlement[]): void {
    for (const { answer } of settlements) {
      if (answer.kind === 'acquired') this.#tokens.add(answer.lease.fencingToken);
    }
  }

  /** Another request of the holder receives the lease, perhaps while the grant is still on its way. */
  seen(outcome: Outcome): void {
    if (outcome.kind === 'already_held' || outcome.kind === 'renewed') {
      this.#tokens.delete(outcome.lease.fencingToken);
    }
  }

  /** Records that the grant has arrived. Returns whether no other request has received the lease before. */
  arrived(token: FencingToken): boolean {
    return this.#tokens.delete(token);
  }
}
