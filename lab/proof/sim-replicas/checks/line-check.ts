import type { Batch } from '../../../../src/journal/batch.js';
import { numberIn } from '../../../kit/simulated-postgres/database-state.js';
import type { Entry } from '../../../kit/simulated-postgres/instance.js';

/** A commit that is kept, and when its process handed it over. */
interface Point {
  /** In true time. */
  readonly atMs: number;
  readonly instant: number;
  readonly epoch: number;
}

/** Between two commits of a healthy leader passes less than this. */
const HEALTHY_GAP_MS = 1_000;

/** Instants are whole milliseconds, and each line may start at the next one. */
const ROUNDING_MS = 2;

/** What a take-over allows for: two clocks differ by twice as much at most. */
const USUAL_DRIFT = 0.5e-3;

/** How old a sample of the line may be that a take-over goes by. */
const SAMPLES_KEPT_MS = 10_000;

/**
 * Compares the timeline that all leaders continue with true time. It never goes back, and it is never further ahead than the
 * clocks drift. So no deadline comes early.
 */
export class LineCheck {
  readonly #drift: number;
  readonly #isExtreme: boolean;
  readonly #report: (broken: string) => void;
  readonly #begunAtMs = new WeakMap<Batch, number>();
  #last: Point | null = null;
  #areCommitsLost = false;
  #outageMs = 0;
  #lagMs = 0;
  #aheadMs = 0;

  /** @param drift how much faster or slower than true time any clock runs, at most. */
  constructor(drift: number, report: (broken: string) => void) {
    this.#drift = drift;
    this.#isExtreme = drift > USUAL_DRIFT;
    this.#report = report;
  }

  /**
   * For how long no one could commit, in total. What a gap between two commits leaves of a healthy second counts too: a lease outlives
   * each of several short terms in which no one has time to end it.
   */
  get outageMs(): number {
    return this.#outageMs;
  }

  /** By how much take-overs have set the line back, in total. */
  get lagMs(): number {
    return this.#lagMs;
  }

  /** By how much take-overs have set the line forward, in total. Only clocks that drift too much can do that. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  begun(batch: Batch, atMs: number): void {
    this.#begunAtMs.set(batch, atMs);
  }

  /** When the batch was handed over, in true time. */
  begunAtMs(batch: Batch): number {
    return this.#begunAtMs.get(batch) ?? 0;
  }

  kept({ state: { server } }: Entry, batch: Batch): void {
    const instant = numberIn(server, 'last_instant');
    const point = { atMs: this.begunAtMs(batch), instant, epoch: numberIn(server, 'epoch') };
    if (this.#last !== null) this.#compare(this.#last, point);
    this.#last = point;
    this.#areCommitsLost = false;
  }

  /** Commits were lost, and the line goes on from before them. */
  lost(): void {
    this.#areCommitsLost = true;
  }

  #compare(last: Point, next: Point): void {
    const gapMs = next.atMs - last.atMs;
    if (gapMs > HEALTHY_GAP_MS) this.#outageMs += gapMs;
    if (this.#areCommitsLost) return;
    const aheadMs = next.instant - last.instant - gapMs;
    const driftMs = this.#drift * gapMs + ROUNDING_MS;
    if (next.epoch !== last.epoch) return this.#compareTerms(aheadMs, driftMs);
    if (Math.abs(aheadMs) > driftMs) this.#report(`the line moved by ${aheadMs} ms while one process led`);
  }

  #compareTerms(aheadMs: number, driftMs: number): void {
    const mayBeMs = driftMs + (this.#isExtreme ? this.#drift * 2 * SAMPLES_KEPT_MS : 0);
    if (aheadMs > mayBeMs) this.#report(`a take-over has set the line ${aheadMs} ms ahead`);
    if (this.#isExtreme) this.#aheadMs += Math.max(0, aheadMs);
    this.#lagMs += Math.max(0, -aheadMs);
  }
}
