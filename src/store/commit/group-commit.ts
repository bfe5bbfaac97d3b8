import type { Clock } from '../../clock/clock.js';
import { RowChanges } from '../../journal/row-changes.js';

/** How long an idle disk waits for more changes while requests keep coming. */
const COLLECTING_MS_MAX = 2;

/** The changes of many callers that are committed together. */
class Group {
  readonly rows = new RowChanges();
  /** Whether there is anything to commit. */
  hasChanges = false;
  /** Callers that are waiting for this group. */
  waiting = 0;
  readonly durable: Promise<void>;
  settle!: { readonly resolve: () => void; readonly reject: (reason: unknown) => void };

  constructor() {
    this.durable = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // If no caller is waiting for a group that fails, this prevents an unhandled rejection. `onFailure` reports the error.
    this.durable.catch(() => undefined);
  }
}

export interface CommittedGroup {
  readonly rows: RowChanges;
  readonly callers: number;
  readonly durationMs: number;
}

interface Hooks {
  /** Makes all of the rows durable, or none. Not called again until the previous call has settled. */
  readonly commit: (rows: RowChanges) => Promise<void>;
  /** Called after each commit, before its callers are answered, in the order of the commits. */
  readonly onCommitted: (group: CommittedGroup) => void;
  /** Called once, after a commit has failed. From then on nothing is committed or answered. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Collects changes while the disk is busy and commits them together: while one group is being committed, the next one fills.
 * Callers that arrive in the meantime share the cost of one sync, and a lone caller waits only for its own commit.
 */
export class GroupCommit {
  readonly #clock: Clock;
  readonly #hooks: Hooks;
  #filling = new Group();
  #committing: Group | null = null;
  #scheduledAtMs: number | null = null;
  #failure: { readonly error: unknown } | null = null;

  constructor(clock: Clock, hooks: Hooks) {
    this.#clock = clock;
    this.#hooks = hooks;
  }

  /** Callers that are waiting for a commit. */
  get pending(): number {
    return this.#filling.waiting + (this.#committing?.waiting ?? 0);
  }

  /** The rows of the next commit. If you add to them, call `added` synchronously afterwards. */
  get rows(): RowChanges {
    return this.#filling.rows;
  }

  /** Resolves when the rows just added are durable. Rejects if it can no longer be known whether they are. */
  added(): Promise<void> {
    this.#filling.hasChanges = true;
    // Join before scheduling: that may begin the commit at once, and the next group is then another one.
    const durable = this.#join(this.#filling);
    this.#schedule();
    return durable;
  }

  /** Resolves when everything added so far is durable, immediately if it already is. */
  settled(): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure.error);
    if (this.#filling.hasChanges) return this.#join(this.#filling);
    return this.#committing === null ? Promise.resolve() : this.#join(this.#committing);
  }

  #join(group: Group): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure.error);
    group.waiting += 1;
    return group.durable;
  }

  /** Delays the commit until all requests of this turn of the event loop have arrived, unless that takes too long. */
  #schedule(): void {
    if (this.#committing !== null || this.#failure !== null) return;
    const nowMs = this.#clock.monotonicMs();
    if (this.#scheduledAtMs === null) {
      this.#scheduledAtMs = nowMs;
      this.#clock.defer(() => this.#commitScheduled());
    } else if (nowMs - this.#scheduledAtMs > COLLECTING_MS_MAX) {
      this.#commitScheduled();
    }
  }

  #commitScheduled(): void {
    if (this.#scheduledAtMs === null) return;
    this.#scheduledAtMs = null;
    void this.#commitNext();
  }

  async #commitNext(): Promise<void> {
    const group = this.#filling;
    this.#filling = new Group();
    this.#committing = group;
    const start = this.#clock.monotonicMs();
    try {
      await this.#hooks.commit(group.rows);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#committing = null;
    // Start committing the next group before this one's callers are answered.
    if (this.#filling.hasChanges) void this.#commitNext();
    const durationMs = this.#clock.monotonicMs() - start;
    this.#hooks.onCommitted({ rows: group.rows, callers: group.waiting, durationMs });
    group.settle.resolve();
  }

  #fail(error: unknown): void {
    this.#failure = { error };
    this.#committing?.settle.reject(error);
    this.#filling.settle.reject(error);
    this.#hooks.onFailure(error);
  }
}
