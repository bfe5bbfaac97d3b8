import type { Leadership } from './position.js';

/** How fast the monotonic clocks of two machines may drift apart, in milliseconds per millisecond. */
const DRIFT = 1e-3;

/**
 * Samples that are older than the last one by more than this are dropped, in milliseconds. It bounds the harm of a clock that drifts
 * by more than `DRIFT`: one that is 5 % too fast sets the timeline ahead by 5 % of this, which is half a second. A shorter time would
 * leave too few samples: an idle leader commits every 750 ms, and the sample that was received soonest counts.
 */
const WINDOW_MS = 10_000;

interface Sample {
  /** The timeline of the leader had reached this instant when the sample was received. */
  readonly instant: number;
  /** On the monotonic clock of this process. */
  readonly receivedAtMs: number;
}

/** What this process has seen of the timeline of the process that leads. No wall clock is needed to continue it. */
export class LineSamples {
  #reign: string | null = null;
  #newest = Infinity;
  #samples: Sample[] = [];

  note({ reign, lastInstant }: Pick<Leadership, 'reign' | 'lastInstant'>, receivedAtMs: number): void {
    if (reign !== this.#reign) this.#startWith(reign, lastInstant);
    if (lastInstant <= this.#newest) return;
    this.#newest = lastInstant;
    const isRecent = (sample: Sample): boolean => sample.receivedAtMs >= receivedAtMs - WINDOW_MS;
    this.#samples = [...this.#samples.filter(isRecent), { instant: lastInstant, receivedAtMs }];
  }

  /**
   * Instant minus monotonic clock on the timeline of a term, in whole milliseconds: the largest number that is certainly not ahead of
   * it. Null without samples of that term.
   */
  offsetOf(reign: string | null, nowMs: number): number | null {
    if (reign !== this.#reign || this.#samples.length === 0) return null;
    const offsets = this.#samples.map(
      ({ instant, receivedAtMs }) => instant - receivedAtMs - DRIFT * (nowMs - receivedAtMs),
    );
    return Math.floor(Math.max(...offsets));
  }

  /** The first instant may be one of the term before, whose timeline was another one. */
  #startWith(reign: string | null, lastInstant: number): void {
    this.#reign = reign;
    this.#newest = lastInstant;
    this.#samples = [];
  }
}
