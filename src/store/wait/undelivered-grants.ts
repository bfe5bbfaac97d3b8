import type { FencingToken } from '../../core/model/ids.js';
import type { Outcome, Settlement } from '../../core/model/outcome.js';

/** Grants to clients that waited, until the client or another request of the holder has been told. */
export class UndeliveredGrants {
  readonly #tokens = new Set<FencingToken>();

  /** These answers are on their way to clients that waited. */
  sent(settlements: readonly Settlement[]): void {
    for (const { answer } of settlements) {
      if (answer.kind === 'acquired') this.#tokens.add(answer.lease.fencingToken);
    }
  }

  /** A request is told of the lease that its holder has, even if the grant is still on its way to another request. */
  told(outcome: Outcome): void {
    if (outcome.kind === 'already_held' || outcome.kind === 'renewed') {
      this.#tokens.delete(outcome.lease.fencingToken);
    }
  }

  /** The grant has arrived. Returns whether nobody had been told of it before. */
  arrived(token: FencingToken): boolean {
    return this.#tokens.delete(token);
  }
}
