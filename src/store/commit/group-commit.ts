import type { Clock } from '../../clock/clock.js';
import { RowChanges } from '../../journal/row-changes.js';

/** For how long an idle disk waits for more to commit, while requests keep coming. */
const COLLECTING_MS_MAX = 2;

/** The changes of many callers on their way to disk together. */
class Group {
  readonly rows = new RowChanges();
  /** Whether there is anything to commit. */
  isOpen = false;
  /** Callers that wait for this group. */
  waiting = 0;
  readonly durable: Promise<void>;
  settle!: { readonly resolve: () => void; readonly reject: (reason: unknown) => void };

  constructor() {
    this.durable = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // A group whose callers have all gone may still fail; the failure is reported by `onFailure`.
    this.durable.catch(() => undefined);
  }
}

export interface CommittedGroup {
  readonly rows: RowChanges;
  readonly callers: number;
  readonly durationMs: number;
}

interface Hooks {
  /** Makes rows durable, all or nothing. Never called again before it has settled. */
  readonly commit: (rows: RowChanges) => Promise<void>;
  /** Called after each commit, before its callers are answered, in the order of the commits. */
  readonly onCommitted: (group: CommittedGroup) => void;
  /** Called once: after a failed commit nothing is ever committed or answered again. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Collects changes while the disk is busy and commits them together: while one group is being committed, the next one
 * fills. So the cost of a sync is shared by all who came meanwhile, and a lone caller waits for its own commit only.
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

  /** Callers that have not been answered yet. */
  get pending(): number {
    return this.#filling.waiting + (this.#committing?.waiting ?? 0);
  }

  /** The rows of the next commit. Whoever adds to them must call `added` in the same breath. */
  get rows(): RowChanges {
    return this.#filling.rows;
  }

  /** Resolves when the rows that were just added are durable; rejects when that can no longer be known. */
  added(): Promise<void> {
    this.#filling.isOpen = true;
    // Joined first: scheduling may begin the commit and with it the next group.
    const durable = this.#join(this.#filling);
    this.#schedule();
    return durable;
  }

  /** Resolves when everything added so far is durable, at once if it is already. */
  settled(): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure.error);
    if (this.#filling.isOpen) return this.#join(this.#filling);
    return this.#committing === null ? Promise.resolve() : this.#join(this.#committing);
  }

  #join(group: Group): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure.error);
    group.waiting += 1;
    return group.durable;
  }

  /** Has the commit wait for all requests that arrive in the same turn of the event loop, unless that takes long. */
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
    // The disk goes on with the next group while this one's callers are answered.
    if (this.#filling.isOpen) void this.#commitNext();
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
