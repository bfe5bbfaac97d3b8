import type { Clock } from '../../clock/clock.js';

/** Milliseconds without a request from anyone else after which a user counts as the only one. */
const ALONE_AFTER_MS = 1_000;

/** Begins a request. `hasWaited` says whether it had to wait for its user's turn. */
type Begin = (hasWaited: boolean) => void;

interface UserQueue {
  /** Requests that keep or release what a user holds. They go first. */
  readonly upkeep: Begin[];
  readonly others: Begin[];
}

/**
 * Shares the server fairly among its users. If several users send requests, each turn begins one request of each user. The
 * rest wait in a queue per user, until all input that has already arrived has been processed. So a user with thousands of
 * busy connections delays its own requests, not those of others. A single user never waits.
 */
export class FairTurns {
  readonly #clock: Clock;
  /** Users who have already had this turn. */
  readonly #served = new Set<string>();
  readonly #queues = new Map<string, UserQueue>();
  #latestUser = '';
  #sharedUntilMs = -Infinity;
  #isTurnComing = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a request need not wait for a turn. If so, begin it yourself. Otherwise call `take`. Call this once per request. */
  isAlone(user: string, nowMs: number): boolean {
    if (user !== this.#latestUser) {
      this.#latestUser = user;
      this.#sharedUntilMs = nowMs + ALONE_AFTER_MS;
    }
    return nowMs > this.#sharedUntilMs && this.#queues.size === 0;
  }

  /**
   * Begins a request of a user who is not alone, either at once or when it is the user's turn.
   *
   * @param isUpkeep Whether the request goes before others of its user. Called only if the request has to wait.
   */
  take(user: string, isUpkeep: () => boolean, begin: Begin): void {
    this.#awaitTurn();
    if (this.#mayBegin(user)) begin(false);
    else this.#queueOf(user)[isUpkeep() ? 'upkeep' : 'others'].push(begin);
  }

  #mayBegin(user: string): boolean {
    if (this.#served.has(user) || this.#queues.has(user)) return false;
    this.#served.add(user);
    return true;
  }

  #queueOf(user: string): UserQueue {
    let queue = this.#queues.get(user);
    if (queue === undefined) {
      queue = { upkeep: [], others: [] };
      this.#queues.set(user, queue);
    }
    return queue;
  }

  #awaitTurn(): void {
    if (this.#isTurnComing) return;
    this.#isTurnComing = true;
    this.#clock.afterBacklog(() => this.#nextTurn());
  }

  #nextTurn(): void {
    this.#isTurnComing = false;
    this.#served.clear();
    for (const [user, { upkeep, others }] of this.#queues) {
      const begin = upkeep.shift() ?? others.shift();
      if (upkeep.length === 0 && others.length === 0) this.#queues.delete(user);
      this.#served.add(user);
      begin?.(true);
    }
    if (this.#queues.size > 0) this.#awaitTurn();
  }
}
