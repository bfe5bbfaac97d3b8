import type { Clock } from '../clock/clock.js';

/**
 * For how many milliseconds one turn of the event loop takes on new work. What comes later in the same turn has waited too
 * long already.
 */
export const NEW_WORK_MS_MAX = 250;

/** How soon a client that was refused should ask again. */
export const SHED_RETRY_AFTER_MS = 1000;

/** What keeps or frees something that is held, and what operators need to see. */
const UPKEEP: Readonly<Record<string, RegExp>> = {
  POST: /\/(?:renew|release|keepalive)$/,
  DELETE: /^\/sessions\//,
  GET: /^\/(?:health|metrics|status|admin)(?:\/|$)/,
  HEAD: /^\/health(?:\/|$)/,
};

/**
 * Refuses new work while there is more than the server can do, before it costs anything, so that renewals, releases and
 * keepalives are never far behind: a lease that cannot be renewed in time is lost.
 *
 * It measures how long the present turn of the event loop has been taking on requests. All that arrives while the server
 * works waits for the next turn, so this is how far behind it is, with neither averages nor a limit to be tuned.
 */
export class LoadShedder {
  readonly #clock: Clock;
  readonly #newWorkMsMax: number;
  #turnStartedMs: number | null = null;

  constructor(clock: Clock, newWorkMsMax: number) {
    this.#clock = clock;
    this.#newWorkMsMax = newWorkMsMax;
  }

  /**
   * Whether a request must be refused with `overloaded`. Ask once for each request, as it arrives.
   *
   * @param path as it was sent, with or without a query.
   */
  mustRefuse(method: string, path: string, arrivedAtMs: number): boolean {
    return this.#behindMs(arrivedAtMs) > this.#newWorkMsMax && !isUpkeep(method, path);
  }

  /** Milliseconds since the first request of this turn of the event loop. */
  #behindMs(nowMs: number): number {
    if (this.#turnStartedMs === null) {
      this.#turnStartedMs = nowMs;
      this.#clock.defer(() => (this.#turnStartedMs = null));
    }
    return nowMs - this.#turnStartedMs;
  }
}

function isUpkeep(method: string, path: string): boolean {
  const query = path.indexOf('?');
  return UPKEEP[method]?.test(query === -1 ? path : path.slice(0, query)) ?? false;
}
