import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../clock/clock.js';
import type { Route } from '../routes/route.js';
import type { IsUpkeep } from './callers.js';

/**
 * For how many milliseconds new work is taken on without a look at what has come in meanwhile. What is found later than that
 * has waited too long already.
 */
export const NEW_WORK_MS_MAX = 250;

/** How often to look how far behind the server is; more often would cost more than it tells. */
const LOOK_EVERY_MS = 20;

/**
 * Refuses new work while there is more than the server can do, before it costs anything, so that renewals, releases and
 * keepalives are never far behind: a lease that cannot be renewed in time is lost.
 *
 * It measures for how long the input that was waiting at some moment has been worked on. All that arrives meanwhile waits
 * behind it, so this is how far behind the server is, with neither averages nor a limit to be tuned.
 */
export class LoadShedder {
  readonly #clock: Clock;
  readonly #newWorkMsMax: number;
  readonly #isUpkeep: IsUpkeep;
  /** The start of the backlog whose end is awaited, if any. */
  #backlogSinceMs: number | null = null;
  #nextLookMs = -Infinity;

  /** @param isUpkeep tells the requests that are never refused. It is asked only while there is too much to do. */
  constructor(clock: Clock, newWorkMsMax: number, isUpkeep: IsUpkeep) {
    this.#clock = clock;
    this.#newWorkMsMax = newWorkMsMax;
    this.#isUpkeep = isUpkeep;
  }

  /** Whether a request must be refused with `overloaded`. Ask once for each request, as it arrives. */
  mustRefuse(request: IncomingMessage, route: Route, arrivedAtMs: number): boolean {
    return this.#behindMs(arrivedAtMs) > this.#newWorkMsMax && !this.#isUpkeep(request, route);
  }

  /** Whether a request that had to wait for its turn has waited too long, and must be refused after all. */
  mustRefuseLate(request: IncomingMessage, route: Route, arrivedAtMs: number): boolean {
    return this.#clock.monotonicMs() - arrivedAtMs > this.#newWorkMsMax && !this.#isUpkeep(request, route);
  }

  /** Milliseconds since the first request of the backlog that is being worked on. */
  #behindMs(nowMs: number): number {
    if (this.#backlogSinceMs !== null) return nowMs - this.#backlogSinceMs;
    if (nowMs >= this.#nextLookMs) {
      this.#backlogSinceMs = nowMs;
      this.#nextLookMs = nowMs + LOOK_EVERY_MS;
      this.#clock.afterBacklog(() => (this.#backlogSinceMs = null));
    }
    return 0;
  }
}
