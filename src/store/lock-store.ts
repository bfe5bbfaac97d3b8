import type { Clock } from '../clock/clock.js';
import type { AcquireRequest, Command } from '../core/model/command.js';
import type { OutcomeOf } from '../core/model/outcome.js';
import type { Instant } from '../core/model/time.js';
import type { StateCounts, StateView } from '../core/state/state-view.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { Journal } from '../journal/journal.js';
import type { RowChanges } from '../journal/row-changes.js';
import type { Admission } from './admission.js';
import { beginTerm } from './load/begin-term.js';
import type { EventLog } from './log/event-log.js';
import type { StoreObserver } from './store-observer.js';
import type { StoreOptions } from './store-options.js';
import { assembleStore, type StoreParts } from './store-parts.js';
import type { WaitAnswer } from './wait/waiting-clients.js';

/**
 * The one writer. It keeps the live state in memory, decides each command at once with the law, in the order of arrival,
 * and answers its caller when the change is on disk. Everything that is written to the database, lock state and account
 * rows alike, passes through here and is committed in groups.
 *
 * Every answer, be it a refusal or a read, is given only after all that it may rest on is durable: nobody sees what a
 * crash could undo.
 */
export class LockStore {
  /** For reading rows that the store itself does not keep in memory. */
  readonly journal: Journal;
  readonly admission: Admission;
  readonly log: EventLog;
  /** The number of the term. Only the newest term can commit. */
  readonly epoch: number;
  readonly #parts: StoreParts;

  private constructor(parts: StoreParts) {
    this.journal = parts.journal;
    this.admission = parts.admission;
    this.log = parts.log;
    this.epoch = parts.epoch;
    this.#parts = parts;
  }

  /**
   * Begins a term on a journal, rebuilds the state, and makes durable what recovery changed before any request is served. A store
   * of an earlier term can commit nothing more.
   */
  static async lead(journal: Journal, clock: Clock, options: StoreOptions): Promise<LockStore> {
    const { term, recovered } = await beginTerm(journal, clock, options);
    const store = new LockStore(assembleStore(term));
    await store.write(recovered);
    return store;
  }

  /** Decides a command. Resolves with its outcome once that is durable; throws `OctoStoreError` if it cannot be taken. */
  async execute<C extends Exclude<Command, { kind: 'acquire' }>>(command: C): Promise<OutcomeOf<C>> {
    this.admission.admit(command.kind === 'open_session' ? 'new' : 'existing');
    this.#parts.sweeper.sweepIfOverdue();
    const { outcome, durable } = this.#parts.decider.decide(command);
    await durable;
    return outcome;
  }

  /**
   * Acquires a lock, in turn if it is held and `waitSeconds` is greater than 0.
   *
   * @param clientGone Aborts when the client's connection closes: the request then leaves the queue at once, and a grant that
   *   was on its way to it is taken back, unless another request of the holder has been told of it.
   */
  async acquire(request: AcquireRequest, waitSeconds: number, clientGone?: AbortSignal): Promise<WaitAnswer> {
    this.admission.admit('new');
    if (clientGone?.aborted === true) return { kind: 'abandoned' };
    this.#parts.sweeper.sweepIfOverdue();
    const ticketId = this.#parts.waiting.nextId();
    const wait = waitSeconds > 0 ? { ticketId, seconds: waitSeconds } : null;
    const { outcome, durable } = this.#parts.decider.decide({ kind: 'acquire', request, wait });
    if (outcome.kind === 'queued') return this.#parts.queued.wait(ticketId, clientGone);
    await durable;
    return outcome;
  }

  /** Answers from the state of this moment, once everything that it may have seen is durable. */
  async read<T>(query: (state: StateView, now: Instant) => T): Promise<T> {
    this.admission.assertRunning();
    const { state, commits, timeline } = this.#parts;
    const now = timeline.now();
    const answer = query(state, now);
    // To a reader whatever is overdue has ended, before a sweep writes that down. Then the time itself must be durable: after
    // a reboot with the wall clock set back, the time line would otherwise begin before the deadline.
    await (state.isAnythingDue(now) ? commits.added() : commits.settled());
    return answer;
  }

  /**
   * Looks at the state of this moment, which a crash could still undo: tell nobody of it before a later `read` has been answered.
   * Must leave nothing of the view behind for later.
   */
  peek<T>(query: (state: StateView, now: Instant) => T): T {
    this.admission.assertRunning();
    return query(this.#parts.state, this.#parts.timeline.now());
  }

  /** How much there is at this moment, durable or not. For people and graphs, not for decisions. */
  get counts(): StateCounts {
    return this.#parts.state;
  }

  /** Makes rows durable that the law knows nothing of, such as accounts, in the same commits as everything else. */
  async write(rows: RowChanges): Promise<void> {
    this.admission.assertRunning();
    this.#parts.commits.rows.merge(rows);
    await this.#parts.commits.added();
    rows.becomeDurable();
  }

  /** Resolves when everything decided so far is durable, so that no crash can undo what you answer after that. */
  async settled(): Promise<void> {
    this.admission.assertRunning();
    await this.#parts.commits.settled();
  }

  /**
   * Acts at once. If that is refused, the refusal waits until everything that it may rest on is durable: a request is never refused
   * because of something that a crash could undo.
   */
  async settleRefusal<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (refusal) {
      await this.settled();
      throw refusal;
    }
  }

  /** Ends everything that is overdue, so much at a time that others get their turn, however busy the store is. */
  sweep(): Promise<void> {
    return this.#parts.sweeper.sweep();
  }

  /** Takes note if the machine's wall clock was set, durably. Returns by how many milliseconds. */
  async followWallClock(): Promise<number> {
    const jump = this.#parts.timeline.followWallClock();
    if (jump === 0) return 0;
    this.admission.assertRunning();
    await this.#parts.commits.added();
    return jump;
  }

  /** The present instant. */
  now(): Instant {
    return this.#parts.timeline.now();
  }

  /** The wall-clock time of an instant, in milliseconds since 1970. */
  toWallMs(instant: Instant): number {
    return this.#parts.timeline.toWallMs(instant);
  }

  observe(observer: StoreObserver): void {
    this.#parts.observers.add(observer);
  }

  /** Sends all waiters away and grants nothing more. What is held can still be renewed and released. */
  drain(): void {
    this.admission.drain();
    this.#parts.queued.sendAllAway(() => new OctoStoreError('shutting_down', { retryAfterMs: 1000 }));
  }

  /** Ends the term: sends all waiters away and commits what is left. The journal stays open. */
  async close(): Promise<void> {
    this.drain();
    await this.#parts.commits.settled().catch(() => undefined);
  }
}
