import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../clock/clock.js';
import type { Route } from '../routes/route.js';
import type { IsUpkeep } from './callers.js';

/** How many milliseconds the server may be behind before it refuses new work. */
export const NEW_WORK_MS_MAX = 250;

/** How often to measure how far behind the server is, in milliseconds. More often would cost more than it is worth. */
const MEASURE_EVERY_MS = 20;

/**
 * Refuses new work while the server has too much of it, before the work costs anything. So renewals, releases and keepalives
 * are never far behind: a lease that cannot be renewed in time is lost.
 *
 * It measures how long the server takes to process the input that is waiting at some moment. Everything that arrives
 * meanwhile waits behind it, so this is how far behind the server is. It needs no averages and no tuning.
 */
export class LoadShedder {
  readonly #clock: Clock;
  readonly #newWorkMsMax: number;
  readonly #isUpkeep: IsUpkeep;
  /** When the backlog that is being processed began. Null if there is none. */
  #backlogSinceMs: number | null = null;
  #nextMeasureMs = -Infinity;

  /** @param isUpkeep Whether a request is never refused. Called only under overload. */
  constructor(clock: Clock, newWorkMsMax: number, isUpkeep: IsUpkeep) {
    this.#clock = clock;
    this.#newWorkMsMax = newWorkMsMax;
    this.#isUpkeep = isUpkeep;
  }

  /** Whether a request must be refused with `overloaded`. Call this once per request, when it arrives. */
  mustRefuse(request: IncomingMessage, route: Route, arrivedAtMs: number): boolean {
    return this.#behindMs(arrivedAtMs) > this.#newWorkMsMax && !this.#isUpkeep(request, route);
  }

  /** Whether a request that has waited for its turn has waited too long, and must be refused. */
  mustRefuseLate(request: IncomingMessage, route: Route, arrivedAtMs: number): boolean {
    return this.#clock.monotonicMs() - arrivedAtMs > this.#newWorkMsMax && !this.#isUpkeep(request, route);
  }

  /** Milliseconds since the backlog that is being processed began. */
  #behindMs(nowMs: number): number {
    if (this.#backlogSinceMs !== null) return nowMs - this.#backlogSinceMs;
    if (nowMs >= this.#nextMeasureMs) {
      this.#backlogSinceMs = nowMs;
      this.#nextMeasureMs = nowMs + MEASURE_EVERY_MS;
      this.#clock.afterBacklog(() => (this.#backlogSinceMs = null));
    }
    return 0;
  }
}
