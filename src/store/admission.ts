import { OctoStoreError } from '../errors/octostore-error.js';
import { unserved } from '../errors/unserved.js';
import { notAnswering } from './unavailable.js';

/** What a command asks for: something `new`, or to keep or release something `existing`. */
export type Demand = 'new' | 'existing';

/**
 * A store that is draining grants nothing new. A closed one does nothing more, but has made everything durable that it had decided. After
 * a failure, it is not known what became of the last changes.
 */
export type StoreStatus = 'serving' | 'draining' | 'closed' | 'failed';

/**
 * When no new leases are granted, clients must still be able to renew and release existing ones. The queue for those commands may
 * be this many times longer.
 */
const EXISTING_QUEUE_FACTOR = 4;

/** How long a refused client should wait before it retries. */
const RETRY_AFTER_MS = 1000;

/** How busy the commits are. */
export interface CommitLoad {
  /** Callers that are waiting for a commit. */
  readonly pending: number;
  /** Whether the database has not answered for too long. */
  readonly isStalled: boolean;
}

/** Decides which commands the store accepts. Those it refuses never reach `step`. */
export class Admission {
  readonly #maxPending: number;
  readonly #commits: CommitLoad;
  #status: StoreStatus = 'serving';
  #isStorageLow = false;

  constructor(maxPending: number, commits: CommitLoad) {
    this.#maxPending = maxPending;
    this.#commits = commits;
  }

  get status(): StoreStatus {
    return this.#status;
  }

  /** Whether the store has not failed. */
  get isRunning(): boolean {
    return this.#status !== 'failed';
  }

  /** Whether the store runs, and the database answers. */
  get isAvailable(): boolean {
    return this.isRunning && !this.#commits.isStalled;
  }

  /** Commands that are waiting for the disk. */
  get pending(): number {
    return this.#commits.pending;
  }

  get isStorageLow(): boolean {
    return this.#isStorageLow;
  }

  /** Throws unless the store accepts a command with this demand now. */
  admit(demand: Demand): void {
    this.assertAvailable();
    const limit = demand === 'new' ? this.#maxPending : this.#maxPending * EXISTING_QUEUE_FACTOR;
    if (this.pending >= limit) throw new OctoStoreError('overloaded', { retryAfterMs: RETRY_AFTER_MS });
    if (demand === 'existing') return;
    if (this.#status === 'draining') throw unserved('shutting_down');
    if (this.#isStorageLow) throw new OctoStoreError('storage_low', { retryAfterMs: RETRY_AFTER_MS });
  }

  /** Throws once the store is closed or has failed, and while the database does not answer. */
  assertAvailable(): void {
    if (!this.isRunning) throw new OctoStoreError('store_unavailable');
    if (this.#status === 'closed') throw unserved('shutting_down');
    if (this.#commits.isStalled) throw notAnswering();
  }

  setStorageLow(isLow: boolean): void {
    this.#isStorageLow = isLow;
  }

  drain(): void {
    if (this.#status === 'serving') this.#status = 'draining';
  }

  close(): void {
    if (this.isRunning) this.#status = 'closed';
  }

  /** Returns false if the store had already stopped. */
  stop(): boolean {
    if (this.#status === 'failed') return false;
    this.#status = 'failed';
    return true;
  }
}
