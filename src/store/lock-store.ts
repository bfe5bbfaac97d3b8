import type { AuditHead } from '../audit/audit-record.js';
import type { RecordCount } from '../audit/record-counts.js';
import type { Clock } from '../clock/clock.js';
import type { AcquireRequest, Command } from '../core/model/command.js';
import type { OutcomeOf } from '../core/model/outcome.js';
import type { Instant } from '../core/model/time.js';
import type { StateCounts, StateView } from '../core/state/state-view.js';
import type { OctoStoreError } from '../errors/octostore-error.js';
import { unserved } from '../errors/unserved.js';
import type { Journal } from '../journal/journal.js';
import type { RowChanges } from '../journal/row-changes.js';
import type { Admission, Demand } from './admission.js';
import { beginTerm } from './load/begin-term.js';
import type { EventLog } from './log/event-log.js';
import type { StoreObserver } from './store-observer.js';
import type { StoreOptions } from './store-options.js';
import type { RecordOf } from './decide/decider.js';
import { assembleStore, type StoreParts } from './store-parts.js';
import { isOutcomeUnknown } from './unavailable.js';
import type { WaitAnswer } from './wait/waiting-clients.js';

/**
 * The only writer. It keeps the live state in memory, decides each command at once, in the order of arrival, and answers the caller
 * when the change is on disk. The rules are in `src/core`. All writes to the database go through here, lock state and account rows
 * alike, and are committed in groups.
 *
 * An answer, including a refusal or a read, is given only after everything that it depends on is durable, so no one sees anything
 * that a crash could undo.
 */
export class LockStore {
  /** For reading rows that the store does not keep in memory. */
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
   * Begins a term on a journal and rebuilds the state. The changes of the recovery are durable when this resolves. From then on, a
   * store of an earlier term can no longer commit.
   *
   * @param signal gives up waiting for another process that leads.
   */
  static async lead(
    journal: Journal,
    clock: Clock,
    options: StoreOptions,
    signal?: AbortSignal,
  ): Promise<LockStore> {
    const { term, recovered } = await beginTerm(journal, clock, options, signal);
    const store = new LockStore(assembleStore(term));
    await store.write(recovered);
    return store;
  }

  /**
   * Decides a command. Resolves with its outcome once it is durable. Throws `OctoStoreError` if the store does not accept it.
   *
   * @param record adds what the audit records of it to the rows of the same commit. Nothing, if the command changes nothing.
   */
  async execute<C extends Exclude<Command, { kind: 'acquire' }>>(
    command: C,
    record?: RecordOf<C>,
  ): Promise<OutcomeOf<C>> {
    this.admission.admit(demandOf(command, this.#parts.state));
    this.#parts.sweeper.sweepIfOverdue();
    const { outcome, durable } = this.#parts.decider.decide(command, record);
    await durable;
    return outcome;
  }

  /**
   * Acquires a lock. If the lock is held and `waitSeconds` is greater than 0, waits in line for it.
   *
   * @param clientGone aborts when the client's connection closes. If the client chose the lease id, its place in line is then kept
   *   for a while, so that it can ask again; otherwise, or if the reason is `FOR_GOOD`, the request leaves the line. A grant that was
   *   on its way is taken back, unless another request of the holder has received the lease.
   */
  async acquire(request: AcquireRequest, waitSeconds: number, clientGone?: AbortSignal): Promise<WaitAnswer> {
    this.admission.admit('new');
    if (clientGone?.aborted === true) return { kind: 'abandoned' };
    this.#parts.sweeper.sweepIfOverdue();
    const ticketId = this.#parts.waiting.nextId();
    const wait = waitSeconds > 0 ? { ticketId, seconds: waitSeconds } : null;
    const { outcome, durable } = this.#parts.decider.decide({ kind: 'acquire', request, wait });
    if (outcome.kind === 'queued') return this.#parts.queued.wait(ticketId, request, clientGone);
    await durable;
    return outcome;
  }

  /** Answers from the state of this moment, once everything that the query may have seen is durable. */
  async read<T>(query: (state: StateView, now: Instant) => T): Promise<T> {
    this.admission.assertAvailable();
    const { state, commits, timeline } = this.#parts;
    const now = timeline.now();
    const answer = query(state, now);
    // To a reader, everything overdue has ended, even if no sweep has recorded that yet. In this case the time itself must be
    // durable. Otherwise, after a reboot with the wall clock set back, the timeline could begin before the deadline.
    await (state.isAnythingDue(now) ? commits.added() : commits.settled());
    return answer;
  }

  /**
   * Reads the state of this moment, which a crash could still undo. Wait for a later `read` before you reveal any of it. The query
   * must not keep the view.
   */
  peek<T>(query: (state: StateView, now: Instant) => T): T {
    this.admission.assertAvailable();
    return query(this.#parts.state, this.#parts.timeline.now());
  }

  /** The last record of the audit that is durable. */
  get auditHead(): AuditHead {
    return this.#parts.audit.head;
  }

  /** How many records of the audit this term has made durable. */
  get auditCounts(): Iterable<RecordCount> {
    return this.#parts.audit.counts;
  }

  /** The counts of this moment, durable or not. Use them for metrics, not for decisions. */
  get counts(): StateCounts {
    return this.#parts.state;
  }

  /** Makes rows durable that the core does not know, such as accounts. They share their commits with everything else. */
  async write(rows: RowChanges): Promise<void> {
    this.admission.assertAvailable();
    this.#parts.commits.rows.merge(rows);
    await this.#parts.commits.added();
  }

  /** Resolves when everything decided so far is durable. No crash can undo what you answer after that. */
  async settled(): Promise<void> {
    this.admission.assertAvailable();
    await this.#parts.commits.settled();
  }

  /**
   * Runs `act` at once. If it throws, the error is passed on only after everything decided so far is durable, so a request is never
   * refused because of something that a crash could undo.
   */
  async settleRefusal<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (refusal) {
      // An unknown outcome reveals nothing, and must not become an error that says that nothing was done.
      if (!isOutcomeUnknown(refusal)) await this.settled();
      throw refusal;
    }
  }

  /** Ends everything that is overdue, in steps small enough for other work to get its turn, however busy the store is. */
  sweep(): Promise<void> {
    return this.#parts.sweeper.sweep();
  }

  /** Checks whether the machine's wall clock was set, and saves the change. Returns it in milliseconds, 0 if there is none. */
  async followWallClock(): Promise<number> {
    const jump = this.#parts.timeline.followWallClock();
    if (jump === 0) return 0;
    this.admission.assertAvailable();
    await this.#parts.commits.added();
    return jump;
  }

  /**
   * Keeps the lead while no one asks for anything, and refuses callers while the database does not answer. Call this several times
   * a second if `journal.tenure` needs commits.
   */
  tend(): void {
    const { commitEveryMs } = this.journal.tenure;
    if (commitEveryMs !== null && this.admission.isRunning) this.#parts.commits.tend(commitEveryMs);
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

  /**
   * Ends the waits of requests that may no longer be granted. They leave their lines.
   *
   * @param refusalOf returns the error for a request that may no longer wait, and null for others.
   */
  refuseWaiting(refusalOf: (request: AcquireRequest) => OctoStoreError | null): void {
    if (this.admission.isRunning) this.#parts.queued.refuse(refusalOf);
  }

  /** Refuses all waiters, and grants no new leases. Existing leases can still be renewed and released. */
  drain(): void {
    this.admission.drain();
    this.#parts.queued.refuseAll(() => unserved('shutting_down'));
  }

  /** Ends the term: refuses all waiters and everything that has not been decided, and commits the rest. The journal stays open. */
  async close(): Promise<void> {
    this.drain();
    this.admission.close();
    await this.#parts.commits.settled().catch(() => undefined);
  }
}

/** Whether a command asks for something new. The first advance of a fence creates it. No one is worse off without a warning. */
function demandOf(command: Command, state: StateView): Demand {
  const isNew =
    command.kind === 'open_session' ||
    command.kind === 'warn' ||
    (command.kind === 'advance_fence' && state.fence(command.name) === null);
  return isNew ? 'new' : 'existing';
}
