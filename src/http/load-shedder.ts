import type { Clock } from '../clock/clock.js';

/**
 * For how many milliseconds new work is taken on without a look at what has come in meanwhile. What is found later than that
 * has waited too long already.
 */
export const NEW_WORK_MS_MAX = 250;

/** How often to look how far behind the server is; more often would cost more than it tells. */
const LOOK_EVERY_MS = 20;

/** How soon a client that was refused should ask again. */
export const SHED_RETRY_AFTER_MS = 1000;

/** What keeps or frees something that is held, and what operators need to see, or to end: a token may be what floods the server. */
const UPKEEP: Readonly<Record<string, RegExp>> = {
  POST: /\/(?:renew|release|keepalive)$/,
  DELETE: /^\/(?:sessions\/|admin\/tokens(?:[/?]|$))/,
  GET: /^\/(?:health|metrics|status|admin)(?:\/|$)/,
  HEAD: /^\/health(?:\/|$)/,
};

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
  /** The start of the backlog whose end is awaited, if any. */
  #backlogSinceMs: number | null = null;
  #nextLookMs = -Infinity;

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

function isUpkeep(method: string, path: string): boolean {
  const query = path.indexOf('?');
  return UPKEEP[method]?.test(query === -1 ? path : path.slice(0, query)) ?? false;
}
