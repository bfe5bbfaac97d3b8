import { createHash } from 'node:crypto';
import type { Instant } from '../../core/model/time.js';
import { isPast } from '../../core/model/time.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { Journal } from '../../journal/journal.js';
import { RowChanges } from '../../journal/row-changes.js';
import type { LockStore } from '../../store/lock-store.js';

/** The maximum number of states that are remembered. Real people never use this many within ten minutes. */
const REMEMBERED_MAX = 100_000;

const RETRY_AFTER_MS = 60_000;

type Store = Pick<LockStore, 'admission' | 'now' | 'settled' | 'write'>;

/**
 * Remembers finished sign-ins until they would have expired, so that none is finished twice, whichever server leads. A state
 * expires on the timeline, which all servers on a database share: their wall clocks may differ.
 */
export class UsedStates {
  readonly #store: Store;
  /** When each state expires, by its hash. */
  readonly #expiries: Map<string, Instant>;

  private constructor(store: Store, expiries: Map<string, Instant>) {
    this.#store = store;
    this.#expiries = expiries;
  }

  static async open(journal: Pick<Journal, 'load'>, store: Store): Promise<UsedStates> {
    const rows = await journal.load('used_states');
    return new UsedStates(
      store,
      new Map(rows.map(({ stateHash, expiresAt }) => [stateHash, expiresAt as Instant])),
    );
  }

  /**
   * Marks a state as used. Resolves when that is durable, or with false if the state was used before. Throws the error of a
   * store that accepts nothing new, and `overloaded` if too many states are remembered.
   */
  async use(state: string, expiresAt: Instant): Promise<boolean> {
    const stateHash = createHash('sha256').update(state).digest('hex');
    if (this.#expiries.has(stateHash)) {
      await this.#store.settled();
      return false;
    }
    this.#store.admission.admit('new');
    // To forget one that is still valid would let it be used again.
    if (this.#expiries.size >= REMEMBERED_MAX)
      throw new OctoStoreError('overloaded', { retryAfterMs: RETRY_AFTER_MS });
    this.#expiries.set(stateHash, expiresAt);
    await this.#store.write(new RowChanges().put('used_states', { stateHash, expiresAt }));
    return true;
  }

  /** Deletes the states that have expired. */
  async forgetExpired(): Promise<void> {
    const now = this.#store.now();
    const expired = [...this.#expiries].filter(([, expiresAt]) => isPast(expiresAt, now));
    if (expired.length === 0) return;
    const rows = new RowChanges();
    for (const [stateHash] of expired) {
      this.#expiries.delete(stateHash);
      rows.remove('used_states', stateHash);
    }
    await this.#store.write(rows);
  }
}
