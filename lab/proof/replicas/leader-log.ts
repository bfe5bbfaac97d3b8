import { TakeOvers, type ClockErrors } from '../../kit/history/take-overs.js';
import type { Replica } from '../../kit/server/replica.js';
import type { ReplicaSet } from '../../kit/server/replica-set.js';
import { TIMING } from '../../../src/journal/postgres/term/timing.js';
import { nowMs, pause } from '../../../src/process/time.js';

const ASK_EVERY_MS = 100;

/** A leader that answers a read has sent its last commit at most this long before. */
const SURE_MS = TIMING.leaseMs - TIMING.marginMs;

/** Asks each replica all the time whether it leads. */
export class LeaderLog {
  readonly takeOvers: TakeOvers;
  count = 0;
  /** How many of these were by a replica whose clock is fast. */
  countByFast = 0;
  /** The longest time from the last read that a leader answered until another one was seen, in milliseconds. */
  longestGapMs = 0;
  #term = -1;
  /** When a leader last answered a read. It may say that it leads for longer than it does. */
  #servedMs = nowMs();

  constructor(
    graceMs: number,
    clocks: ClockErrors,
    private readonly isFast: (replica: Replica) => boolean,
    private readonly token: string,
  ) {
    this.takeOvers = new TakeOvers(graceMs, clocks);
  }

  async watch({ replicas }: ReplicaSet, stop: AbortSignal): Promise<void> {
    await Promise.all(replicas.map((replica) => this.#ask(replica, stop)));
  }

  async #ask(replica: Replica, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const status = replica.isUp ? await replica.status() : null;
      if (status?.role === 'leader') {
        this.#leads(replica, status.term ?? 0);
        const askedMs = nowMs();
        const term = await replica.termOfRead(this.token);
        if (term === this.#term) this.#servedMs = Math.max(this.#servedMs, askedMs);
      }
      await pause(ASK_EVERY_MS);
    }
  }

  #leads(replica: Replica, term: number): void {
    if (term <= this.#term) return;
    if (this.#term >= 0) this.#tookOver(replica, term);
    this.#term = term;
  }

  #tookOver(replica: Replica, term: number): void {
    const readyMs = nowMs();
    const isFast = this.isFast(replica);
    // No one knows who led the terms that no one saw.
    const unseen = term - this.#term - 1;
    this.count += 1;
    if (isFast) this.countByFast += 1;
    this.longestGapMs = Math.max(this.longestGapMs, readyMs - this.#servedMs);
    const firstStartMs = this.#servedMs - SURE_MS;
    this.takeOvers.add({ firstStartMs, startedMs: readyMs, readyMs, timesAhead: unseen + (isFast ? 1 : 0) });
  }
}
