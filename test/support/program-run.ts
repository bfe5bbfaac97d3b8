import assert from 'node:assert/strict';
import type { TicketId } from '../../src/core/model/ids.js';
import type { Lease } from '../../src/core/model/lease.js';
import type { AcquireAnswer, Queued } from '../../src/core/model/outcome.js';
import type { Step } from '../../src/core/step.js';
import { acquireRequest, demandOf, instant, Law, user, type AcquireWish } from './law.js';
import { HOLD_SECONDS_MAX, TRIES_MAX, type Job, type LockSet, type Program } from './programs.js';

/** Longer than anything that a program of several leases does. */
const LONG_TTL_SECONDS = 600;

/** Runs programs against the law, in simulated time. Fails as soon as some of them wait and no one has been granted anything for too long. */
export class ProgramRun {
  readonly law = new Law();
  readonly #stallMaxMs: number;
  readonly #timers: { readonly atMs: number; readonly act: () => void }[] = [];
  readonly #waiting = new Map<TicketId, (answer: AcquireAnswer) => void>();
  /** The last grant, or since when anyone waits if that is later. */
  #movedMs = 0;

  constructor(programs: readonly Program[], stallMaxMs: number) {
    this.#stallMaxMs = stallMaxMs;
    for (const [index, program] of programs.entries()) new Worker(this, `p${index}`, program).next();
  }

  run(): void {
    for (let next = this.#nextMs(); next !== null; next = this.#nextMs()) {
      this.#expectNoStall(next);
      this.law.now = instant(Math.max(this.law.now, next));
      this.#act();
    }
    assert.equal(this.#waiting.size, 0, 'everyone is answered');
  }

  after(ms: number, act: () => void): void {
    this.#timers.push({ atMs: this.law.now + ms, act });
  }

  /** Calls `answered` at once or after a wait, unless the ticket is replaced before. Returns the ticket. */
  ask(
    set: LockSet,
    wish: AcquireWish,
    waitSeconds: number,
    answered: (answer: AcquireAnswer) => void,
  ): TicketId {
    const ticketId = this.law.nextWaiter();
    if (this.#waiting.size === 0) this.#movedMs = this.law.now;
    this.#waiting.set(ticketId, answered);
    const wait = { ticketId, seconds: waitSeconds };
    const step = this.law.do({ kind: 'acquire', request: acquireRequest(set, wish), wait });
    this.learn(step);
    if (step.outcome.kind !== 'queued') this.#settle(ticketId, step.outcome);
    return ticketId;
  }

  /** Passes on the answers that a step has given. */
  learn({ settlements }: Pick<Step, 'settlements'>): void {
    for (const { ticketId, answer } of settlements) this.#settle(ticketId, answer);
  }

  /** The client no longer listens. */
  forget(ticketId: TicketId): void {
    this.#waiting.delete(ticketId);
  }

  #settle(ticketId: TicketId, answer: Exclude<AcquireAnswer, Queued>): void {
    if (answer.kind === 'acquired') this.#movedMs = this.law.now;
    const answered = this.#waiting.get(ticketId);
    this.#waiting.delete(ticketId);
    answered?.(answer);
  }

  /** When something happens next: in a program, or because a deadline has passed. */
  #nextMs(): number | null {
    const due = this.law.state.earliestDue();
    const times = this.#timers.map(({ atMs }) => atMs);
    if (due !== undefined) times.push(due.deadline + 1);
    return times.length === 0 ? null : Math.min(...times);
  }

  #act(): void {
    const index = this.#timers.findIndex(({ atMs }) => atMs <= this.law.now);
    const [timer] = index === -1 ? [] : this.#timers.splice(index, 1);
    if (timer === undefined) this.learn(this.law.sweep());
    else timer.act();
  }

  #expectNoStall(untilMs: number): void {
    const stalledMs = untilMs - this.#movedMs;
    assert.ok(
      this.#waiting.size === 0 || stalledMs <= this.#stallMaxMs,
      `${this.#waiting.size} wait, and no one has been granted anything for ${stalledMs} ms`,
    );
  }
}

/** Carries out one program. */
class Worker {
  readonly #run: ProgramRun;
  readonly #name: string;
  readonly #jobs: Job[];
  #held: Lease[] = [];
  #asked = 0;

  constructor(run: ProgramRun, name: string, program: Program) {
    this.#run = run;
    this.#name = name;
    this.#jobs = [...program];
  }

  next(): void {
    const job = this.#jobs.shift();
    if (job === undefined) return;
    this.#run.after(job.pauseMs, () => this.#getSet(job, 0));
  }

  #getSet(job: Job, index: number): void {
    const set = job.sets[index];
    if (set === undefined) return this.#run.after(job.holdMs, () => this.#finish(job));
    this.#asked += 1;
    this.#ask(job, index, { set, id: `${this.#name}-${this.#asked}`, tries: 1 });
  }

  #ask(job: Job, index: number, attempt: Attempt): void {
    let isOver = false;
    const wish = this.#wish(job, attempt);
    const ticket = this.#run.ask(attempt.set, wish, job.waitSeconds, (answer) => {
      isOver = true;
      this.#answered(job, index, attempt, answer);
    });
    const { whileWaiting } = job;
    if (isOver || whileWaiting.kind === 'waits' || attempt.tries > 1) return;
    this.#run.after(whileWaiting.afterMs, () => {
      if (!isOver) this.#interrupt(job, index, attempt, ticket);
    });
  }

  #answered(job: Job, index: number, attempt: Attempt, answer: AcquireAnswer): void {
    if (answer.kind === 'acquired') {
      this.#held.push(answer.lease);
      return this.#getSet(job, index + 1);
    }
    assert.equal(answer.kind, 'conflict');
    // If it went on waiting for more while it holds some, others could wait for it forever.
    if (this.#held.length > 0 || attempt.tries >= TRIES_MAX) return this.#letGo();
    this.#askAgain(job, index, attempt);
  }

  /** For the same set, it continues in its place. With the same id, it cannot ask for another set. */
  #askAgain(job: Job, index: number, { set, id, tries }: Attempt): void {
    const { changed } = job;
    if (changed === null) return this.#ask(job, index, { set, id, tries: tries + 1 });
    this.#asked += 1;
    this.#ask(job, index, { set: changed, id: `${this.#name}-${this.#asked}`, tries: tries + 1 });
  }

  #interrupt(job: Job, index: number, attempt: Attempt, ticket: TicketId): void {
    const { whileWaiting } = job;
    if (whileWaiting.kind === 'asks_again' && this.#held.length === 0) {
      // The earlier request is answered, and no one listens.
      this.#run.forget(ticket);
      return this.#ask(job, index, { ...attempt, tries: attempt.tries + 1 });
    }
    this.#run.forget(ticket);
    const keepsPlace = whileWaiting.kind !== 'gives_up';
    this.#run.learn(this.#run.law.do({ kind: 'leave_queue', ticketId: ticket, keepsPlace }));
    const isBack = whileWaiting.kind === 'disconnects' && whileWaiting.backAfterMs !== null;
    if (!isBack || this.#held.length > 0) return this.#letGo();
    this.#run.after(whileWaiting.backAfterMs, () =>
      this.#ask(job, index, { ...attempt, tries: attempt.tries + 1 }),
    );
  }

  #finish(job: Job): void {
    if (job.crashes) this.#held = [];
    this.#letGo();
  }

  /** Releases everything, and begins the next job. */
  #letGo(): void {
    const held = this.#held;
    this.#held = [];
    for (const { leaseId, lockName } of held) {
      const userId = user(this.#name);
      this.#run.learn(this.#run.law.do({ kind: 'release', lockName, leaseId, userId }));
    }
    this.next();
  }

  #wish(job: Job, { set, id }: Attempt): AcquireWish {
    const isExclusive = set.every((wish) => typeof wish === 'string' || demandOf(wish).mode === 'exclusive');
    const ttl = job.sets.length > 1 ? LONG_TTL_SECONDS : HOLD_SECONDS_MAX;
    return { user: this.#name, leaseId: id, ttl, lockDelay: isExclusive ? job.lockDelaySeconds : 0 };
  }
}

interface Attempt {
  readonly set: LockSet;
  /** The lease id that the program has chosen. */
  readonly id: string;
  readonly tries: number;
}
