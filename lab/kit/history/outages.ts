/** A time without a server: from the end of one process until the next one was ready. */
export interface Outage {
  /** The first start after the end. That process may have been killed before it was ready. */
  readonly firstStartMs: number;
  /** The start of the process that became ready. */
  readonly startedMs: number;
  readonly readyMs: number;
}

/** What restarts do to deadlines. A lease that is alive at a start lasts at least for the grace period, or for its TTL if that is shorter. */
export class Outages {
  readonly #outages: Outage[] = [];
  readonly #graceMs: number;

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  add(outage: Outage): void {
    this.#outages.push(outage);
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
