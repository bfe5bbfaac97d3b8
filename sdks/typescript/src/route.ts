import { OctoStoreError } from './errors.js';
import { isFaultOfServer } from './repeating.js';
import { RULES } from './rules.js';
import type { Servers } from './servers.js';
import { delayMs, nowMs } from './time.js';

/** A server, and in how many milliseconds it can be asked. */
interface Choice {
  readonly url: string;
  readonly inMs: number;
}

/** A request that lasted this long, in milliseconds, has waited in line. */
const WAITED_MS_MIN = 1000;

/**
 * Which server each attempt of a call goes to, and when. The attempts go in rounds: in each, every server is asked once, without
 * a pause in between. Before each further round there is a pause, which grows.
 */
export class Route {
  readonly #servers: Servers;
  #roundsMax: number;
  #url: string;
  /** The current round, from 1. */
  #round = 1;
  /** How many rounds have failed since the pauses began to grow. */
  #failures = 0;
  readonly #patientUntilMs: number;
  /** The servers that were asked in this round. */
  readonly #asked = new Set<string>();
  /** Until when servers have asked to be left alone, on the monotonic clock. */
  readonly #busyUntilMs = new Map<string, number>();

  /**
   * @param roundsMax the last round. By default, the route never ends and waits for any `Retry-After`.
   * @param patientUntilMs until then it goes on after the last round, on the clock of leases. It waits for any `Retry-After` that ends by then.
   */
  constructor(servers: Servers, roundsMax = Infinity, patientUntilMs = -Infinity) {
    this.#servers = servers;
    this.#patientUntilMs = patientUntilMs;
    this.#roundsMax = roundsMax;
    this.#url = servers.current;
  }

  /** The server for the next attempt. */
  get url(): string {
    return this.#url;
  }

  /** An attempt has succeeded. If its connection breaks, the route begins with the first round again, and never ends. */
  restart(): void {
    this.#servers.keep(this.#url);
    this.#roundsMax = Infinity;
    this.#round = 1;
    this.#failures = 0;
    this.#asked.clear();
    this.#busyUntilMs.clear();
  }

  /**
   * Goes on after a failed attempt. Returns the milliseconds to pause before the next one, or null if there is none.
   * @param lastedMs how long the attempt took.
   */
  next(error: unknown, lastedMs = 0): number | null {
    const atMs = nowMs();
    if (this.#patientUntilMs > -Infinity && lastedMs >= WAITED_MS_MIN) this.#failures = 0;
    const { retryAfterMs = 0 } = error instanceof OctoStoreError ? error : {};
    this.#asked.add(this.#url);
    this.#busyUntilMs.set(this.#url, atMs + retryAfterMs);
    // Another server would say the same about a request that this one has understood.
    const urls = isFaultOfServer(error) ? this.#servers.fromCurrent : [this.#url];
    const choice = this.#inThisRound(urls, atMs) ?? this.#inNextRound(urls, atMs);
    if (choice === null) return null;
    this.#url = choice.url;
    // Timers ignore fractions.
    return Math.ceil(choice.inMs);
  }

  #inThisRound(urls: readonly string[], atMs: number): Choice | null {
    const unasked = urls.filter((url) => !this.#asked.has(url));
    return soonest(unasked.map((url) => this.#choice(url, atMs)).filter(this.#isSoon(atMs)));
  }

  #inNextRound(urls: readonly string[], atMs: number): Choice | null {
    const patienceMs = this.#patientUntilMs - atMs;
    if (this.#round >= this.#roundsMax && patienceMs <= 0) return null;
    const pauseMs = delayMs(this.#failures + 1);
    const shortMs = this.#round < this.#roundsMax ? pauseMs : Math.min(pauseMs, patienceMs);
    const all = urls.map((url) => this.#choice(url, atMs, shortMs));
    const choice =
      soonest(all.filter(this.#isSoon(atMs))) ?? (this.#roundsMax === Infinity ? soonest(all) : null);
    this.#round += 1;
    this.#failures += 1;
    this.#asked.clear();
    return choice;
  }

  #isSoon(atMs: number): (choice: Choice) => boolean {
    const mostMs = Math.max(RULES.retry_after_ms_max, this.#patientUntilMs - atMs);
    return ({ inMs }) => inMs <= mostMs;
  }

  #choice(url: string, atMs: number, pauseMs = 0): Choice {
    return { url, inMs: Math.max(pauseMs, (this.#busyUntilMs.get(url) ?? 0) - atMs) };
  }
}

/** The first of those that can be asked soonest. Null if there is none. */
function soonest(choices: readonly Choice[]): Choice | null {
  return choices.toSorted((one, other) => one.inMs - other.inMs)[0] ?? null;
}
