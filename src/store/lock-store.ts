import type { Clock } from '../clock/clock.js';
import type { AcquireRequest, Command } from '../core/model/command.js';
import type { FencingToken, TicketId } from '../core/model/ids.js';
import type { Lease } from '../core/model/lease.js';
import type { Outcome, OutcomeOf, Settlement } from '../core/model/outcome.js';
import { recover } from '../core/recovery.js';
import type { State } from '../core/state/state.js';
import type { StateView } from '../core/state/state-view.js';
import { step, type Step } from '../core/step.js';
import type { Instant } from '../core/model/time.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { EventRow } from '../journal/rows/event-row.js';
import type { ServerRow } from '../journal/rows/server-row.js';
import type { EventPage, EventQuery } from '../journal/event-query.js';
import type { Journal } from '../journal/journal.js';
import { RowChanges } from '../journal/row-changes.js';
import { Admission } from './admission.js';
import { eventToRow, writeChange } from './commit/codec.js';
import { loadDurableState } from './load/durable-state.js';
import { EventLogBounds, type EventReader } from './log/event-log-bounds.js';
import { GroupCommit, type CommittedGroup } from './commit/group-commit.js';
import type { StoreObserver } from './store-observer.js';
import type { StoreOptions } from './store-options.js';
import { Timeline } from './timeline.js';
import { WaitingClients, type WaitAnswer } from './waiting-clients.js';

/** Deadlines that one step of a sweep ends at most, so that renewals get their turn while very many leases expire. */
const SWEEP_STEP_MAX = 500;

/** Milliseconds after which what is overdue shows that no timer gets its turn: thousands of connections are busy. */
const OVERDUE_MS_MAX = 100;

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
  /** The number of the term. Only the newest term can commit. */
  readonly epoch: number;
  readonly #options: StoreOptions;
  readonly #state: State;
  readonly #timeline: Timeline;
  readonly #eventLog: EventLogBounds;
  readonly #commits: GroupCommit;
  readonly #waiting: WaitingClients;
  readonly #clock: Clock;
  #sweepUnderWay: Promise<void> | null = null;
  /** Grants to clients that waited, until the client or another request of the holder has been told. */
  readonly #grantsOnTheirWay = new Set<FencingToken>();
  readonly #observers: StoreObserver[] = [];
  readonly #restoredAt: number;

  private constructor(parts: {
    journal: Journal;
    clock: Clock;
    options: StoreOptions;
    server: ServerRow;
    state: State;
    timeline: Timeline;
    eventLog: EventLogBounds;
  }) {
    this.journal = parts.journal;
    this.#clock = parts.clock;
    this.#waiting = new WaitingClients(parts.clock);
    this.#options = parts.options;
    this.epoch = parts.server.epoch;
    this.#restoredAt = parts.server.restoredAt;
    this.#state = parts.state;
    this.#timeline = parts.timeline;
    this.#eventLog = parts.eventLog;
    this.#commits = new GroupCommit(parts.clock, {
      commit: (rows) => this.#commit(rows),
      onCommitted: (group) => this.#onCommitted(group),
      onFailure: (error) => this.#stop(error),
    });
    this.admission = new Admission(parts.options.maxPendingCommands, () => this.#commits.pending);
  }

  /**
   * Begins a term on a journal, rebuilds the state, and makes durable what recovery changed before any request is served. A store
   * of an earlier term can commit nothing more.
   */
  static async lead(journal: Journal, clock: Clock, options: StoreOptions): Promise<LockStore> {
    const server = await journal.lead();
    const timeline = new Timeline(clock, server);
    const durable = await loadDurableState(journal, server);
    const cursors = (await journal.load('cursors')).map(
      ({ reader, sequence }) => [reader, sequence] as const,
    );
    const eventLog = new EventLogBounds(options.eventRetention, server.prunedThrough, cursors);
    const { state, changes } = recover(durable, timeline.now(), options.restartGraceSeconds);
    const store = new LockStore({ journal, clock, options, server, state, timeline, eventLog });
    const rows = new RowChanges();
    for (const change of changes) writeChange(change, rows);
    await store.write(rows);
    return store;
  }

  /** Decides a command. Resolves with its outcome once that is durable; throws `OctoStoreError` if it cannot be taken. */
  async execute<C extends Exclude<Command, { kind: 'acquire' }>>(command: C): Promise<OutcomeOf<C>> {
    this.admission.admit(command.kind === 'open_session' ? 'new' : 'existing');
    this.#sweepIfOverdue();
    const { outcome, durable } = this.#decide(command);
    await durable;
    return outcome;
  }

  /**
   * Acquires a lock, in turn if it is held and `waitSeconds` is greater than 0.
   *
   * @param gone aborts when the client's connection closes: the request then leaves the queue at once, and a grant that was
   *   on its way to it is taken back, unless another request of the holder has been told of it.
   */
  async acquire(request: AcquireRequest, waitSeconds: number, gone?: AbortSignal): Promise<WaitAnswer> {
    this.admission.admit('new');
    if (gone?.aborted === true) return { kind: 'abandoned' };
    this.#sweepIfOverdue();
    const ticketId = this.#waiting.nextId();
    const wait = waitSeconds > 0 ? { ticketId, seconds: waitSeconds } : null;
    const { outcome, durable } = this.#decide({ kind: 'acquire', request, wait });
    if (outcome.kind === 'queued') return this.#waitInQueue(ticketId, gone);
    await durable;
    return outcome;
  }

  /** Answers from the state of this moment, once everything that it may have seen is durable. */
  async read<T>(query: (state: StateView, now: Instant) => T): Promise<T> {
    this.admission.assertRunning();
    const now = this.#timeline.now();
    const answer = query(this.#state, now);
    // To a reader whatever is overdue has ended, before a sweep writes that down. Then the time itself must be durable: after
    // a reboot with the wall clock set back, the time line would otherwise begin before the deadline.
    await (this.#state.isAnythingDue(now) ? this.#commits.added() : this.#commits.settled());
    return answer;
  }

  /**
   * Looks at the state of this moment, which a crash could still undo: tell nobody of it before a later `read` has been answered.
   * Must leave nothing of the view behind for later.
   */
  peek<T>(query: (state: StateView, now: Instant) => T): T {
    this.admission.assertRunning();
    return query(this.#state, this.#timeline.now());
  }

  /** How much there is at this moment, durable or not. For people and graphs, not for decisions. */
  get counts(): Pick<
    StateView,
    | 'leaseCount'
    | 'sessionCount'
    | 'rememberedSessionCount'
    | 'waiterCount'
    | 'lastFencingToken'
    | 'lastSequence'
  > {
    return this.#state;
  }

  /** Makes rows durable that the law knows nothing of, such as accounts, in the same commits as everything else. */
  async write(rows: RowChanges): Promise<void> {
    this.admission.assertRunning();
    this.#commits.rows.merge(rows);
    await this.#commits.added();
    rows.becomeDurable();
  }

  /** Resolves when everything decided so far is durable, so that no crash can undo what you answer after that. */
  async settled(): Promise<void> {
    this.admission.assertRunning();
    await this.#commits.settled();
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
    this.#sweepUnderWay ??= this.#endOverdue().finally(() => (this.#sweepUnderWay = null));
    return this.#sweepUnderWay;
  }

  async #endOverdue(): Promise<void> {
    while (this.#state.isAnythingDue(this.#timeline.now())) {
      this.admission.assertRunning();
      const { durable } = this.#decide({ kind: 'sweep', limit: SWEEP_STEP_MAX });
      // Waiters whose time is up leave nothing to commit, so that the disk alone would give nobody a turn.
      await Promise.all([durable, new Promise<void>((resolve) => this.#clock.afterBacklog(resolve))]);
    }
  }

  /** Takes note if the machine's wall clock was set, durably. Returns by how many milliseconds. */
  async followWallClock(): Promise<number> {
    const jump = this.#timeline.followWallClock();
    if (jump === 0) return 0;
    this.admission.assertRunning();
    await this.#commits.added();
    return jump;
  }

  /** The present instant. */
  now(): Instant {
    return this.#timeline.now();
  }

  /** The wall-clock time of an instant, in milliseconds since 1970. */
  toWallMs(instant: Instant): number {
    return this.#timeline.toWallMs(instant);
  }

  observe(observer: StoreObserver): void {
    this.#observers.push(observer);
  }

  /** A client that has seen events up to here, or further, has missed none since. */
  get resumableFrom(): number {
    return Math.max(this.#eventLog.prunedThrough, this.#restoredAt);
  }

  /** The last sequence that has been pruned from the event log. */
  get prunedThrough(): number {
    return this.#eventLog.prunedThrough;
  }

  /**
   * Has the event log keep what a reader has not seen yet.
   *
   * @param name The name under which the reader writes its cursor down. Until a reader of that name comes, everything after
   *   its cursor is kept.
   */
  keepEventsFor(reader: EventReader, name?: string): void {
    this.#eventLog.keepFor(reader, name);
  }

  /** The durable events after a sequence, in order, at most `limit`. */
  eventsAfter(sequence: number, limit: number): Promise<EventRow[]> {
    return this.journal.page('events', 'key', { after: sequence, limit });
  }

  /** The durable events that a query selects. */
  findEvents(query: EventQuery): Promise<EventPage> {
    return this.journal.findEvents(query);
  }

  /** Sends all waiters away and grants nothing more. What is held can still be renewed and released. */
  drain(): void {
    this.admission.drain();
    for (const ticketId of this.#waiting.ids()) {
      if (this.#state.ticket(ticketId) === null) continue; // Its answer is on the way.
      this.#decide({ kind: 'leave_queue', ticketId });
      this.#waiting.fail(ticketId, new OctoStoreError('shutting_down', { retryAfterMs: 1000 }));
    }
  }

  /** Ends the term: sends all waiters away and commits what is left. The journal stays open. */
  async close(): Promise<void> {
    this.drain();
    await this.#commits.settled().catch(() => undefined);
  }

  /** Begins the sweep on behalf of a timer that is late. */
  #sweepIfOverdue(): void {
    const due = this.#state.earliestDue();
    if (due === undefined || this.#timeline.now() - due.deadline <= OVERDUE_MS_MAX) return;
    // Why a commit fails is reported elsewhere.
    this.sweep().catch(() => undefined);
  }

  #decide<C extends Command>(command: C): { outcome: OutcomeOf<C>; durable: Promise<void> } {
    const result = this.#step(command);
    for (const observer of this.#observers) observer.decided?.(command, result);
    const durable = this.#record(result);
    if (result.settlements.length > 0) this.#settle(result.settlements, durable);
    const outcome: Outcome = result.outcome;
    if (outcome.kind === 'already_held' || outcome.kind === 'renewed') {
      this.#grantsOnTheirWay.delete(outcome.lease.fencingToken);
    }
    return { outcome: result.outcome, durable };
  }

  #settle(settlements: readonly Settlement[], durable: Promise<void>): void {
    for (const { answer } of settlements) {
      if (answer.kind === 'acquired') this.#grantsOnTheirWay.add(answer.lease.fencingToken);
    }
    durable.then(
      () => this.#waiting.answerAll(settlements),
      (error: unknown) => this.#waiting.failThese(settlements, error),
    );
  }

  #step<C extends Command>(command: C): Step<C> {
    try {
      return step(this.#state, command, this.#timeline.now(), this.#options);
    } catch (error) {
      // A law that contradicts itself may have changed half of the state. Only a reload from disk can be trusted now.
      this.#stop(error);
      throw unavailable(error);
    }
  }

  #record({ changes, events }: Step): Promise<void> {
    if (changes.length === 0) return this.#commits.settled();
    const { rows } = this.#commits;
    for (const change of changes) writeChange(change, rows);
    for (const event of events) rows.put('events', eventToRow(event, this.#timeline));
    return this.#commits.added();
  }

  async #waitInQueue(ticketId: TicketId, gone?: AbortSignal): Promise<WaitAnswer> {
    const since = this.#timeline.now();
    const answered = this.#waiting.wait(ticketId);
    const leave = (): void => this.#leaveQueue(ticketId);
    gone?.addEventListener('abort', leave, { once: true });
    const answer = await answered.finally(() => gone?.removeEventListener('abort', leave));
    for (const observer of this.#observers) observer.waited?.(this.#timeline.now() - since, answer.kind);
    const isOnItsWay = answer.kind === 'acquired' && this.#grantsOnTheirWay.delete(answer.lease.fencingToken);
    if (gone?.aborted !== true) return answer;
    if (isOnItsWay) await this.#takeBack(answer.lease);
    return { kind: 'abandoned' };
  }

  /** The grant and the client's going crossed: the client was never told, so nobody may hold the lock in its name. */
  async #takeBack({ lockName, leaseId, holder, fencingToken }: Lease): Promise<void> {
    const held = this.#state.lock(lockName)?.leases.find(({ lease }) => lease.fencingToken === fencingToken);
    if (!this.admission.isRunning || !held) return;
    await this.#decide({ kind: 'release', lockName, userId: holder.userId, leaseId }).durable;
  }

  #leaveQueue(ticketId: TicketId): void {
    if (!this.admission.isRunning) return;
    const { outcome } = this.#decide({ kind: 'leave_queue', ticketId });
    if (outcome.kind === 'left') this.#waiting.answer(ticketId, { kind: 'abandoned' });
  }

  async #commit(rows: RowChanges): Promise<void> {
    const { lastFencingToken, lastSequence } = this.#state;
    const watermarks = {
      lastFencingToken,
      lastSequence,
      prunedThrough: this.#eventLog.advance(lastSequence),
      lastInstant: this.#timeline.now(),
      ...this.#timeline.anchor,
    };
    try {
      await this.journal.commit({ epoch: this.epoch, watermarks, rows });
    } catch (error) {
      throw unavailable(error);
    }
  }

  #onCommitted({ rows, callers, durationMs }: CommittedGroup): void {
    const commit = { events: rows.of('events').put, callers, durationMs };
    for (const observer of this.#observers) observer.committed?.(commit);
  }

  /** The end: nothing is acknowledged from here on. The process must exit and reload from disk. */
  #stop(error: unknown): void {
    if (!this.admission.stop()) return;
    this.#waiting.failAll(unavailable(error));
    for (const observer of this.#observers) observer.failed?.(error);
  }
}

function unavailable(cause: unknown): OctoStoreError {
  return cause instanceof OctoStoreError ? cause : new OctoStoreError('store_unavailable', { cause });
}
