import { Latencies } from './latency.js';
import type { OperationResult, Second } from './load.js';

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

class Operation {
  readonly latencies = new Latencies();
  readonly failures: Record<string, number> = {};
  /** Successes before the end of the measured time. */
  inTime = 0;
}

/**
 * Records the results of requests. A request counts if it was sent, or due, within the measured time, even if its answer
 * arrives later.
 */
export class Recorder {
  #span: Span = { startMs: Infinity, endMs: -Infinity };
  readonly #headline: string | null;
  readonly #operations = new Map<string, Operation>();
  readonly #second = new Latencies();
  #failuresOfSecond = 0;
  readonly timeline: Second[] = [];

  /** @param headline The operation that the timeline shows. Null for all. */
  constructor(headline: string | null) {
    this.#headline = headline;
  }

  /** Sets the measured time, on the monotonic clock. Until then nothing counts. */
  begin(span: Span): void {
    this.#span = span;
  }

  succeeded(operation: string, startedMs: number, nowMs: number): void {
    if (!this.#counts(startedMs)) return;
    const record = this.#operation(operation);
    record.latencies.add(nowMs - startedMs);
    if (nowMs < this.#span.endMs) record.inTime += 1;
    if (this.#headline === null || this.#headline === operation) this.#second.add(nowMs - startedMs);
  }

  failed(operation: string, why: string, startedMs: number): void {
    if (!this.#counts(startedMs)) return;
    const { failures } = this.#operation(operation);
    failures[why] = (failures[why] ?? 0) + 1;
    this.#failuresOfSecond += 1;
  }

  /** Ends a second of the timeline and returns it. */
  endSecond(): Second {
    const second = {
      second: this.timeline.length,
      failures: this.#failuresOfSecond,
      ...this.#second.summary,
    };
    this.timeline.push(second);
    this.#second.reset();
    this.#failuresOfSecond = 0;
    return second;
  }

  get operations(): OperationResult[] {
    const seconds = (this.#span.endMs - this.#span.startMs) / 1000;
    return Array.from(this.#operations, ([operation, { latencies, failures, inTime }]) => ({
      operation,
      latencies: latencies.encode(),
      perSecond: inTime / seconds,
      failures,
    }));
  }

  #counts(startedMs: number): boolean {
    return startedMs >= this.#span.startMs && startedMs < this.#span.endMs;
  }

  #operation(name: string): Operation {
    let operation = this.#operations.get(name);
    if (operation === undefined) {
      operation = new Operation();
      this.#operations.set(name, operation);
    }
    return operation;
  }
}
