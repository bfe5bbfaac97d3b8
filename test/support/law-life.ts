import assert from 'node:assert/strict';
import type { Command } from '../../src/core/model/command.js';
import { recover } from '../../src/core/recovery.js';
import { State } from '../../src/core/state/state.js';
import type { Lease } from '../../src/core/model/lease.js';
import type { Outcome } from '../../src/core/model/outcome.js';
import type { Quotas } from '../../src/core/model/quotas.js';
import { DurableRows } from '../../lab/kit/law/durable-rows.js';
import { LawCheck } from '../../lab/kit/law/law-check.js';
import type { LawModel } from '../../lab/kit/law/law-model.js';
import { fencingToken, instant, Law, lock, sequence, user } from './law.js';
import { Actors, LOCKS, USERS, type Action } from './law-actions.js';
import { LawInvariants } from './law-invariants.js';

const OPTIONS: Quotas = {
  maxLocks: 7,
  maxLocksPerUser: 4,
  maxSessions: 5,
  maxSessionsPerUser: 2,
  maxWaiters: 7,
  maxWaitersPerUser: 5,
};

export interface LifeStart {
  readonly lastFencingToken: number;
  readonly lastSequence: number;
}

const START: LifeStart = { lastFencingToken: 0, lastSequence: 0 };

/** Takes the law through any actions, and compares it with the model and the invariants. */
export class Life {
  readonly #actors = new Actors();
  readonly #start: LifeStart;
  #law: Law;
  #check: LawCheck;
  #invariants: LawInvariants;
  /** The kinds of answers so far, immediate ones (`acquire: queued`) and those to waiters (`waiter: acquired`). */
  readonly answers = new Set<string>();

  constructor(start: LifeStart = START) {
    this.#start = start;
    this.#law = new Law(OPTIONS, stateAt(start));
    const { lastFencingToken, lastSequence } = start;
    this.#check = new LawCheck(new DurableRows().load(lastFencingToken, lastSequence), OPTIONS);
    this.#invariants = new LawInvariants(this.#law, new DurableRows());
  }

  act(action: Action): void {
    switch (action.kind) {
      case 'pass':
        this.#law.advance(action.milliseconds);
        break;
      case 'pass_to_deadline': {
        const due = this.#law.state.earliestDue();
        if (due !== undefined && due.deadline + action.beyond >= this.#law.now) {
          this.#law.now = instant(due.deadline + action.beyond);
        }
        break;
      }
      case 'restart':
        this.#restart(action.downMs, action.graceSeconds);
        break;
      default: {
        const command = this.#actors.command(action);
        if (command !== null) this.#do(command);
      }
    }
    this.#expectSameAsModel();
  }

  get #model(): LawModel {
    return this.#check.model;
  }

  /** All changes, applied to a new state, make the same state. */
  expectReplayable(): void {
    const replayed = stateAt(this.#start);
    for (const change of this.#law.changes) replayed.apply(change);
    for (const name of LOCKS) {
      assert.deepEqual(leasesOf(replayed, name), leasesOf(this.#law.state, name));
    }
    assert.equal(replayed.leaseCount, this.#law.state.leaseCount);
    assert.equal(replayed.sessionCount, this.#law.state.sessionCount);
    assert.equal(replayed.rememberedSessionCount, this.#law.state.rememberedSessionCount);
    for (const { sessionId } of this.#model.sessions) {
      assert.deepEqual(replayed.session(sessionId), this.#law.state.session(sessionId));
    }
  }

  #do(command: Command): void {
    const before = this.#model.tickets;
    const step = this.#law.do(command);
    this.answers.add(`${command.kind}: ${inWords(step.outcome)}`);
    for (const { answer } of step.settlements) this.answers.add(`waiter: ${inWords(answer)}`);
    const mismatch = this.#check.follow(command, step, this.#law.now);
    if (mismatch !== null) {
      assert.deepEqual(mismatch.seen, mismatch.expected);
      assert.fail('the changes of the step are not what it did');
    }
    const { tickets: after, unfinished } = this.#model;
    this.#invariants.check(command, step, { before, after, isUnfinished: unfinished.length > 0 });
    this.#actors.learn(command, step);
  }

  #restart(downMs: number, graceSeconds: number): void {
    const { changes: history, state } = this.#law;
    const now = instant(this.#law.now + downMs);
    const durable = this.#check.rows.load(state.lastFencingToken, state.lastSequence);
    const recovered = recover(durable, now, graceSeconds);
    this.#law = new Law(OPTIONS, recovered.state);
    this.#law.now = now;
    this.#law.changes.push(...history, ...recovered.changes);
    this.#check.restart(now, graceSeconds);
    this.#actors.restart();
    const rows = DurableRows.of(durable);
    for (const change of recovered.changes) rows.write(change);
    assert.deepEqual(rows, this.#check.rows);
    this.#invariants = new LawInvariants(this.#law, DurableRows.of(this.#model));
  }

  #expectSameAsModel(): void {
    const { state, now } = this.#law;
    const live = this.#model.leases.filter((lease) => this.#model.isLive(lease, now));
    const byName = live.toSorted((a, b) => (a.lockName < b.lockName ? -1 : 1));
    assert.deepEqual(Array.from(state.liveLeases('', null, now)), byName);
    for (const name of USERS) {
      const own = byName.filter(({ holder }) => holder.userId === name);
      assert.deepEqual(state.liveLeasesOfUser(user(name), '', null, now), own);
    }
    for (const session of this.#model.sessions) {
      const { sessionId } = session;
      assert.deepEqual(state.session(sessionId), session);
      const own = live.filter(({ holder }) => holder.sessionId === sessionId);
      assert.equal(state.liveLeaseCountOfSession(sessionId, now), own.length);
    }
    for (const name of LOCKS) {
      const tickets = this.#model.tickets.filter(({ request }) => request.lockName === name);
      assert.equal(state.queueLength(lock(name)), tickets.length);
    }
    assert.equal(state.leaseCount, this.#model.leases.length);
    assert.equal(state.keptSessionCount, this.#model.sessions.length);
    assert.equal(state.waiterCount, this.#model.tickets.length);
    for (const name of USERS) {
      const tickets = this.#model.tickets.filter(({ request }) => request.holder.userId === name);
      assert.equal(state.waiterCountOf(user(name)), tickets.length);
      const remembered = this.#model.sessions.filter((s) => s.state === 'expired' && s.userId === name);
      assert.equal(state.rememberedSessionCountOf(user(name)), remembered.length);
    }
  }
}

/** The kind of an answer; of a conflict also what stands between. */
function inWords(answer: Outcome): string {
  return answer.kind === 'conflict' ? `conflict, ${answer.obstacle.kind}` : answer.kind;
}

function stateAt({ lastFencingToken, lastSequence }: LifeStart): State {
  return new State(fencingToken(lastFencingToken), sequence(lastSequence));
}

function leasesOf(state: State, name: string): Lease[] {
  const leases: Lease[] = [];
  for (let held = state.lock(lock(name))?.leases.first; held; held = held.next) leases.push(held.lease);
  return leases;
}
