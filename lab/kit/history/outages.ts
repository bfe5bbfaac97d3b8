/** A time without a server: from the end of one process until the next one was ready. */
export interface Outage {
  /** The first start after the end. That process may have been killed before it was ready. */
  readonly firstStartMs: number;
  /** The start of the process that became ready. */
  readonly startedMs: number;
  readonly readyMs: number;
  /** How often a process may have continued the timeline from too late a moment, because its clock is fast. */
  readonly timesAhead?: number;
}

/** How time passes for the servers, as far as clients can know. */
export interface Passage {
  /** The earliest moment at which something can be over that takes this long and began at `sinceMs` or later. */
  soonest(sinceMs: number, durationMs: number): number;
}

/** What restarts do to deadlines. A lease that is alive at a start lasts at least for the grace period, or for its TTL if that is shorter. */
export class Outages implements Passage {
  readonly #outages: Outage[] = [];
  readonly #graceMs: number;

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  add(outage: Outage): void {
    this.#outages.push(outage);
  }

  soonest(sinceMs: number, durationMs: number): number {
    return sinceMs + durationMs;
  }

  /**
   * The earliest moment at which a lease may end, that without restarts may end at `endMs`.
   * @param untilMs Restarts after this moment do not count.
   */
  earliestEnd(endMs: number, sinceMs: number, ttlMs: number, untilMs = Infinity): number {
    let end = endMs;
    for (let index = this.#firstAfter(sinceMs); index < this.#outages.length; index += 1) {
      const outage = this.#outages[index];
      if (outage === undefined || outage.readyMs >= Math.min(end, untilMs)) break;
      end = Math.max(end, outage.startedMs + Math.min(ttlMs, this.#graceMs));
    }
    return end;
  }

  /** The latest moment until which a lease may last, that without restarts lasts until `endMs`. */
  latestEnd(endMs: number, sinceMs: number, ttlMs: number): number {
    let end = endMs;
    for (let index = this.#firstAfter(sinceMs); index < this.#outages.length; index += 1) {
      const outage = this.#outages[index];
      if (outage === undefined || outage.firstStartMs > end) break;
      end = Math.max(end, outage.readyMs + Math.min(ttlMs, this.#graceMs));
    }
    return end;
  }

  /** How many outages were over between two moments. */
  protected countBetween(fromMs: number, toMs: number): number {
    return Math.max(0, this.#firstAfter(toMs) - this.#firstAfter(fromMs));
  }

  /** The outages that were over after `fromMs` and whose first start was before `toMs`. */
  protected *between(fromMs: number, toMs: number): Generator<Outage> {
    for (let index = this.#firstAfter(fromMs); index < this.#outages.length; index += 1) {
      const outage = this.#outages[index];
      if (outage === undefined || outage.firstStartMs >= toMs) return;
      yield outage;
    }
  }

  /** The first outage that was over after a moment. */
  #firstAfter(momentMs: number): number {
    let low = 0;
    let high = this.#outages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#outages[middle]?.readyMs ?? Infinity) < momentMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
