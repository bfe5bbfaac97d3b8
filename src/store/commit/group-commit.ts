import type { Clock } from '../../clock/clock.js';
import type { RowChanges } from '../../journal/row-changes.js';
import type { Tenure } from '../../journal/tenure.js';
import { notAnswering } from '../unavailable.js';
import { Group } from './group.js';

/** How long an idle disk waits for more changes while requests keep coming. */
const COLLECTING_MS_MAX = 2;

/** How long a commit may take, in milliseconds, before its callers are told that the outcome is unknown. */
export const STALLED_MS = 5_000;

export interface CommittedGroup {
  readonly rows: RowChanges;
  readonly callers: number;
  readonly durationMs: number;
}

interface Hooks {
  readonly tenure: () => Tenure;
  /** Whether the lead is confirmed by a commit even while the process is sure that it leads. */
  readonly confirmedReads: boolean;
  /** Makes all of the rows durable, or none. Not called again until the previous call has settled. It may take very long. */
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
  /** When the last commit began. */
  #begunAtMs: number;
  #isStalled = false;
  #failure: { readonly error: unknown } | null = null;

  constructor(clock: Clock, hooks: Hooks) {
    this.#clock = clock;
    this.#hooks = hooks;
    this.#begunAtMs = clock.monotonicMs();
  }

  /** Callers that are waiting for a commit. */
  get pending(): number {
    return this.#filling.waiting + (this.#committing?.waiting ?? 0);
  }

  /** Whether a commit has been under way for so long that its callers were told that the outcome is unknown. */
  get isStalled(): boolean {
    return this.#isStalled;
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

  /**
   * Resolves when everything added so far is durable, and this process is sure that it still leads. Immediately if that is so. If
   * there is nothing to commit, but the process is not sure, an empty commit finds out. With confirmed reads, it is never sure by
   * its clock alone. Rejects while a commit is stalled.
   */
  settled(): Promise<void> {
    if (this.#failure !== null) return refused(this.#failure.error);
    if (this.#isStalled) return refused(notAnswering());
    if (this.#filling.hasChanges) return this.#join(this.#filling);
    // A commit that is under way was sent before. All callers that come while it is share the next one.
    if (this.#hooks.confirmedReads) return this.added();
    if (this.#committing !== null) return mayBeDropped(this.#settledWith(this.#committing));
    return this.#isSureToLead(this.#clock.monotonicMs()) ? Promise.resolve() : this.added();
  }

  /**
   * Begins an empty commit if the process would otherwise lose its lead, and refuses callers while a commit is stalled. Call this
   * several times in each `commitEveryMs`, if the journal has such a period.
   */
  tend(commitEveryMs: number): void {
    const runningMs = this.#clock.monotonicMs() - this.#begunAtMs;
    if (this.#committing === null) {
      if (runningMs >= commitEveryMs / 2) this.added().catch(() => undefined);
    } else if (runningMs >= STALLED_MS) this.#refuseCallers();
  }

  #refuseCallers(): void {
    this.#isStalled = true;
    this.#committing?.refuse(notAnswering());
    this.#filling.refuse(notAnswering());
  }

  /**
   * The commit that is under way was sent before. If this process was frozen since then, another one may have begun to lead, although
   * the commit succeeded. So it is not enough if it succeeded too long before now.
   */
  async #settledWith(group: Group): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    await this.#join(group);
    if (!this.#isSureToLead(nowMs)) await this.added();
  }

  /** Whether no other process can have begun to lead before this time. */
  #isSureToLead(atMs: number): boolean {
    return atMs < this.#hooks.tenure().sureUntilMs;
  }

  #join(group: Group): Promise<void> {
    return this.#failure === null ? group.join() : refused(this.#failure.error);
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
    this.#begunAtMs = start;
    try {
      await this.#hooks.commit(group.rows);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#committing = null;
    this.#isStalled = false;
    // Start committing the next group before this one's callers are answered.
    if (this.#filling.hasChanges) void this.#commitNext();
    const durationMs = this.#clock.monotonicMs() - start;
    this.#hooks.onCommitted({ rows: group.rows, callers: group.waiting, durationMs });
    group.rows.becomeDurable();
    group.becomeDurable();
  }

  #fail(error: unknown): void {
    this.#failure = { error };
    this.#committing?.fail(error);
    this.#filling.fail(error);
    this.#hooks.onFailure(error);
  }
}

/** A caller may drop its promise, as a client that leaves does. That must not end the process if the promise rejects. */
function mayBeDropped<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function refused(reason: unknown): Promise<never> {
  return mayBeDropped(Promise.reject(reason));
}
