import { TakeOvers, type ClockErrors } from '../../kit/history/take-overs.js';
import type { Replica } from '../../kit/server/replica.js';
import type { ReplicaSet } from '../../kit/server/replica-set.js';
import { nowMs, pause } from '../../../src/process/time.js';

const ASK_EVERY_MS = 100;

/** Asks each replica all the time whether it leads. */
export class LeaderLog {
  readonly takeOvers: TakeOvers;
  count = 0;
  /** How many of these were by a replica whose clock is fast. */
  countByFast = 0;
  /** The longest time between two answers of a leader, in milliseconds, with a new term in between. */
  longestGapMs = 0;
  #term = -1;
  #seenMs = nowMs();

  constructor(
    graceMs: number,
    clocks: ClockErrors,
    private readonly isFast: (replica: Replica) => boolean,
  ) {
    this.takeOvers = new TakeOvers(graceMs, clocks);
  }

  async watch({ replicas }: ReplicaSet, stop: AbortSignal): Promise<void> {
    await Promise.all(replicas.map((replica) => this.#ask(replica, stop)));
  }

  async #ask(replica: Replica, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const askedMs = nowMs();
      const status = replica.isUp ? await replica.status() : null;
      if (status?.role === 'leader') this.#seen(replica, status.term ?? 0, askedMs);
      await pause(ASK_EVERY_MS);
    }
  }

  #seen(replica: Replica, term: number, askedMs: number): void {
    if (term < this.#term) return;
    if (term > this.#term && this.#term >= 0) this.#tookOver(replica, term);
    this.#seenMs = term > this.#term ? askedMs : Math.max(this.#seenMs, askedMs);
    this.#term = term;
  }

  #tookOver(replica: Replica, term: number): void {
    const readyMs = nowMs();
    const isFast = this.isFast(replica);
    // No one knows who led the terms that no one saw.
    const mayBeAhead = isFast || term > this.#term + 1;
    this.count += 1;
    if (isFast) this.countByFast += 1;
    this.longestGapMs = Math.max(this.longestGapMs, readyMs - this.#seenMs);
    this.takeOvers.add({ firstStartMs: this.#seenMs, startedMs: readyMs, readyMs, mayBeAhead });
  }
}
