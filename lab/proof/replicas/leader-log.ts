import { TakeOvers } from '../../kit/history/take-overs.js';
import type { Replica } from '../../kit/server/replica.js';
import type { ReplicaSet } from '../../kit/server/replica-set.js';
import { nowMs, pause } from '../../../src/process/time.js';

const ASK_EVERY_MS = 100;

/** Asks each replica all the time whether it leads. */
export class LeaderLog {
  readonly takeOvers: TakeOvers;
  count = 0;
  /** The longest time between two answers of a leader, in milliseconds, with a new term in between. */
  longestGapMs = 0;
  #term = -1;
  #seenMs = nowMs();

  constructor(graceMs: number) {
    this.takeOvers = new TakeOvers(graceMs);
  }

  async watch({ replicas }: ReplicaSet, stop: AbortSignal): Promise<void> {
    await Promise.all(replicas.map((replica) => this.#ask(replica, stop)));
  }

  async #ask(replica: Replica, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const askedMs = nowMs();
      const status = replica.isUp ? await replica.status() : null;
      if (status?.role === 'leader') this.#seen(status.term ?? 0, askedMs);
      await pause(ASK_EVERY_MS);
    }
  }

  #seen(term: number, askedMs: number): void {
    if (term < this.#term) return;
    if (term > this.#term && this.#term >= 0) this.#tookOver();
    this.#seenMs = term > this.#term ? askedMs : Math.max(this.#seenMs, askedMs);
    this.#term = term;
  }

  #tookOver(): void {
    const readyMs = nowMs();
    this.count += 1;
    this.longestGapMs = Math.max(this.longestGapMs, readyMs - this.#seenMs);
    this.takeOvers.add({ firstStartMs: this.#seenMs, startedMs: readyMs, readyMs });
  }
}
