import type { Batch } from '../../../../src/journal/batch.js';
import { numberIn } from '../database/database-state.js';
import type { Entry } from '../database/instance.js';

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

/**
 * Compares the line of time that all leaders continue with true time. It never goes back, and it is never further ahead than the
 * clocks drift. So no deadline comes early, whoever leads.
 */
export class LineCheck {
  readonly #drift: number;
  readonly #report: (broken: string) => void;
  readonly #begunAtMs = new WeakMap<Batch, number>();
  #last: Point | null = null;
  #outageMs = 0;
  #lagMs = 0;

  /** @param drift how much faster or slower than true time any clock runs, at most. */
  constructor(drift: number, report: (broken: string) => void) {
    this.#drift = drift;
    this.#report = report;
  }

  /** For how long no one could commit, in total. */
  get outageMs(): number {
    return this.#outageMs;
  }

  /** By how much take-overs have set the line back, in total. */
  get lagMs(): number {
    return this.#lagMs;
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
  }

  /** Commits were lost, and the line goes on from before them. */
  lost(): void {
    this.#last = null;
  }

  #compare(last: Point, next: Point): void {
    const gapMs = next.atMs - last.atMs;
    const aheadMs = next.instant - last.instant - gapMs;
    const driftMs = this.#drift * gapMs + ROUNDING_MS;
    if (aheadMs > driftMs) this.#report(`the line went ${aheadMs} ms ahead in ${gapMs} ms`);
    if (next.epoch === last.epoch && -aheadMs > driftMs)
      this.#report(`the line fell ${-aheadMs} ms behind while one process led`);
    this.#outageMs += Math.max(0, gapMs - HEALTHY_GAP_MS);
    if (next.epoch !== last.epoch) this.#lagMs += Math.max(0, -aheadMs);
  }
}
