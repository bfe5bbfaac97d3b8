import { RowChanges } from '../../journal/row-changes.js';

/** The changes of many callers that are committed together. */
export class Group {
  readonly rows = new RowChanges();
  /** Whether there is anything to commit. */
  hasChanges = false;
  #waiting = 0;
  #durable = new Outcome();

  /** Callers that are waiting for this group. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Resolves when the group is durable. */
  join(): Promise<void> {
    this.#waiting += 1;
    return this.#durable.promise;
  }

  becomeDurable(): void {
    this.#durable.resolve();
  }

  fail(error: unknown): void {
    this.#durable.reject(error);
  }

  /** Tells all callers that the outcome is unknown. The rows may still become durable, and others may still join. */
  refuse(error: unknown): void {
    this.#durable.reject(error);
    this.#durable = new Outcome();
    this.#waiting = 0;
  }
}

class Outcome {
  readonly promise: Promise<void>;
  resolve!: () => void;
  reject!: (reason: unknown) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // If no caller is waiting for a group that fails, this prevents an unhandled rejection. `onFailure` reports the error.
    this.promise.catch(() => undefined);
  }
}
