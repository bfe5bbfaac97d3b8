import type { Clock } from '../../clock/clock.js';

/** Milliseconds without a request of anybody else after which a user counts as the only one. */
const ALONE_AFTER_MS = 1_000;

/** Begins a request, which may have waited for its user's turn. */
type Begin = (hasWaited: boolean) => void;

interface Line {
  /** Keeps or frees what somebody holds, and so goes first. */
  readonly upkeep: Begin[];
  readonly others: Begin[];
}

/**
 * Shares the server among its users. When several of them ask, one request of each is begun in a turn, and the rest wait in a
 * line of their own until all input that is there has been looked at. So a user with thousands of busy connections makes its own
 * requests wait, not those of others. A user who is alone waits for nothing.
 */
export class FairTurns {
  readonly #clock: Clock;
  /** Users who have had their turn. */
  readonly #served = new Set<string>();
  readonly #lines = new Map<string, Line>();
  #latestUser = '';
  #sharedUntilMs = -Infinity;
  #isTurnComing = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a request need not wait for its turn. If so, begin it; otherwise `take` it. Ask once for each request. */
  isAlone(user: string, nowMs: number): boolean {
    if (user !== this.#latestUser) {
      this.#latestUser = user;
      this.#sharedUntilMs = nowMs + ALONE_AFTER_MS;
    }
    return nowMs > this.#sharedUntilMs && this.#lines.size === 0;
  }

  /**
   * Begins a request of a user who is not alone, at once or when it is its user's turn.
   *
   * @param isUpkeep tells whether the request goes before others of its user. It is asked only if the request has to wait.
   */
  take(user: string, isUpkeep: () => boolean, begin: Begin): void {
    this.#awaitTurn();
    if (this.#mayBegin(user)) begin(false);
    else this.#lineOf(user)[isUpkeep() ? 'upkeep' : 'others'].push(begin);
  }

  #mayBegin(user: string): boolean {
    if (this.#served.has(user) || this.#lines.has(user)) return false;
    this.#served.add(user);
    return true;
  }

  #lineOf(user: string): Line {
    let line = this.#lines.get(user);
    if (line === undefined) {
      line = { upkeep: [], others: [] };
      this.#lines.set(user, line);
    }
    return line;
  }

  #awaitTurn(): void {
    if (this.#isTurnComing) return;
    this.#isTurnComing = true;
    this.#clock.afterBacklog(() => this.#nextTurn());
  }

  #nextTurn(): void {
    this.#isTurnComing = false;
    this.#served.clear();
    for (const [user, { upkeep, others }] of this.#lines) {
      const begin = upkeep.shift() ?? others.shift();
      if (upkeep.length === 0 && others.length === 0) this.#lines.delete(user);
      this.#served.add(user);
      begin?.(true);
    }
    if (this.#lines.size > 0) this.#awaitTurn();
  }
}
