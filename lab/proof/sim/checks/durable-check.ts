import type { Step } from '../../../../src/core/step.js';
import type { Batch } from '../../../../src/journal/batch.js';
import type { LoggedEvent } from '../../../../src/journal/logged-event.js';
import { contentsAfter, contentsOf } from './batch-contents.js';

interface Decision {
  readonly number: number;
  readonly step: Step;
}

/** Checks that each batch holds exactly what was decided since the one before, and knows which decisions are durable. */
export class DurableCheck {
  /** Every durable event; the one with sequence n is at n - 1. */
  readonly events: LoggedEvent[] = [];
  readonly #report: (broken: string) => void;
  /** Decisions that changed or reported something which is not durable yet. */
  #pending: Decision[] = [];
  /** The last decision in each batch. */
  readonly #lastOf = new WeakMap<Batch, number>();
  #decisions = 0;
  #newestToken = 0;

  constructor(report: (broken: string) => void) {
    this.#report = report;
  }

  get lastSequence(): number {
    return this.events.length;
  }

  /** The number of the last decision. */
  get decisions(): number {
    return this.#decisions;
  }

  /** Whether a crash can no longer undo what the decision, and any before it, has changed. */
  isDurable(decision: number): boolean {
    const [first] = this.#pending;
    return first === undefined || first.number > decision;
  }

  /** A process has died. What it had not written is lost. */
  died(): void {
    this.#pending = [];
  }

  decided(step: Step): void {
    this.#decisions += 1;
    if (step.changes.length + step.events.length > 0) this.#pending.push({ number: this.#decisions, step });
  }

  /** A commit begins. It contains everything decided so far. */
  begun(batch: Batch): void {
    this.#lastOf.set(batch, this.#decisions);
  }

  /** @param isServing false for a batch that a start writes before anything is decided. */
  written(batch: Batch, isServing: boolean): void {
    this.#log(batch);
    if (!isServing) return;
    const last = this.#lastOf.get(batch) ?? 0;
    const steps = this.#pending.filter(({ number }) => number <= last).map(({ step }) => step);
    this.#pending = this.#pending.filter(({ number }) => number > last);
    const isSame = contentsOf(batch) === contentsAfter(steps);
    if (!isSame) this.#report(`${contentsOf(batch)} was written, not ${contentsAfter(steps)}`);
  }

  #log({ rows, watermarks }: Batch): void {
    for (const event of rows.events) {
      if (event.sequence !== this.lastSequence + 1)
        this.#report(`event ${event.sequence} follows ${this.lastSequence}`);
      this.events.push(event);
      if (event.type === 'acquired') this.#newestToken = event.body.fencingToken;
    }
    if (watermarks.lastSequence !== this.lastSequence) this.#report('the log and its watermark differ');
    if (watermarks.lastFencingToken < this.#newestToken)
      this.#report('the token counter lags behind a grant');
  }
}
