import { OctoStoreError } from '../errors/octostore-error.js';

/** What a command wants: something new, or to keep or free what it already has. */
export type Demand = 'new' | 'existing';

export type StoreStatus = 'serving' | 'draining' | 'failed';

/** What is held must still be renewed and released when nothing new is granted any more: its queue is this much longer. */
const EXISTING_QUEUE_FACTOR = 4;

/** How soon a refused client should ask again. */
const RETRY_AFTER_MS = 1000;

/** Decides which commands the store takes on, before the law sees them. */
export class Admission {
  readonly #maxPending: number;
  readonly #pending: () => number;
  #status: StoreStatus = 'serving';
  #isStorageLow = false;

  constructor(maxPending: number, pending: () => number) {
    this.#maxPending = maxPending;
    this.#pending = pending;
  }

  get status(): StoreStatus {
    return this.#status;
  }

  get isRunning(): boolean {
    return this.#status !== 'failed';
  }

  /** Commands that wait for the disk. */
  get pending(): number {
    return this.#pending();
  }

  get isStorageLow(): boolean {
    return this.#isStorageLow;
  }

  /** Throws unless a command with this demand can be taken on now. */
  admit(demand: Demand): void {
    this.assertRunning();
    const limit = demand === 'new' ? this.#maxPending : this.#maxPending * EXISTING_QUEUE_FACTOR;
    if (this.pending >= limit) throw new OctoStoreError('overloaded', { retryAfterMs: RETRY_AFTER_MS });
    if (demand === 'existing') return;
    if (this.#status === 'draining') {
      throw new OctoStoreError('shutting_down', { retryAfterMs: RETRY_AFTER_MS });
    }
    if (this.#isStorageLow) throw new OctoStoreError('storage_low', { retryAfterMs: RETRY_AFTER_MS });
  }

  /** Throws once the store has failed. */
  assertRunning(): void {
    if (!this.isRunning) throw new OctoStoreError('store_unavailable');
  }

  setStorageLow(isLow: boolean): void {
    this.#isStorageLow = isLow;
  }

  drain(): void {
    if (this.#status === 'serving') this.#status = 'draining';
  }

  /** Returns false if it had stopped before. */
  stop(): boolean {
    if (this.#status === 'failed') return false;
    this.#status = 'failed';
    return true;
  }
}
