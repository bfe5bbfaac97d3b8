import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Command } from '../../src/core/model/command.js';
import { recover } from '../../src/core/recovery.js';
import { State } from '../../src/core/state/state.js';
import type { Step } from '../../src/core/step.js';
import type { Lease } from '../../src/core/model/lease.js';
import type { Quotas } from '../../src/core/model/quotas.js';
import { fencingToken, instant, Law, lock, sequence, user } from './law.js';
import { Actors, LOCKS, USERS, type Action } from './law-actions.js';
import { DurableRows } from './law-durable.js';
import { explain } from './law-explain.js';
import { LawInvariants } from './law-invariants.js';
import { LawModel, type Effects } from './law-model.js';

const OPTIONS: Quotas = {
  maxLocks: 4,
  maxLocksPerUser: 2,
  maxSessions: 5,
  maxSessionsPerUser: 2,
  maxWaiters: 5,
  maxWaitersPerUser: 3,
};

export interface LifeStart {
  readonly lastFencingToken: number;
  readonly lastSequence: number;
}

const START: LifeStart = { lastFencingToken: 0, lastSequence: 0 };

/** One life of the law, beside the model and the invariants, through any actions. */
export class Life {
  readonly #actors = new Actors();
  readonly #rows = new DurableRows();
  readonly #start: LifeStart;
  #law: Law;
  #model = new LawModel(OPTIONS);
  #invariants: LawInvariants;
  /** The kinds of answers that were given, at once (`acquire: queued`) and to waiters (`waiter: acquired`). */
  readonly answers = new Set<string>();

  constructor(start: LifeStart = START) {
    this.#start = start;
    this.#law = new Law(OPTIONS, stateAt(start));
    this.#model.lastToken = start.lastFencingToken;
    this.#model.lastSequence = start.lastSequence;
    this.#invariants = new LawInvariants(this.#law, this.#rows);
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

  /** All changes, carried out on a fresh state, make the same state. */
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
    const step = this.#law.do(command);
    this.#invariants.check(command, step);
    const seen = observed(step);
    this.answers.add(`${command.kind}: ${seen.outcome.kind}`);
    for (const { kind } of seen.answers.values()) this.answers.add(`waiter: ${kind}`);
    const isSame = (effects: Effects, after: LawModel): boolean =>
      isDeepStrictEqual(effects, seen) && this.#hasSessionsOf(after);
    const explained = explain(this.#model, command, this.#law.now, isSame);
    if ('expected' in explained) assert.deepEqual(seen, explained.expected);
    else this.#model = explained.model;
    for (const change of step.changes)
      if (change.kind === 'lease_granted') this.#actors.granted(change.lease);
  }

  #hasSessionsOf(model: LawModel): boolean {
    return (
      model.sessions.length === this.#law.state.keptSessionCount &&
      model.sessions.every((session) => this.#law.state.session(session.sessionId)?.state === session.state)
    );
  }

  #restart(downMs: number, graceSeconds: number): void {
    const { changes: history, state } = this.#law;
    const now = instant(this.#law.now + downMs);
    const durable = this.#rows.load(state.lastFencingToken, state.lastSequence);
    const recovered = recover(durable, now, graceSeconds);
    this.#law = new Law(OPTIONS, recovered.state);
    this.#law.now = now;
    this.#law.changes.push(...history, ...recovered.changes);
    for (const change of recovered.changes) this.#rows.write(change);
    this.#invariants = new LawInvariants(this.#law, this.#rows);
    this.#model.restart(now, graceSeconds);
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
    assert.equal(this.#rows.sessions.size, this.#model.sessions.length);
    assert.equal(state.waiterCount, this.#model.tickets.length);
    for (const name of USERS) {
      const tickets = this.#model.tickets.filter(({ request }) => request.holder.userId === name);
      assert.equal(state.waiterCountOf(user(name)), tickets.length);
      const remembered = this.#model.sessions.filter((s) => s.state === 'expired' && s.userId === name);
      assert.equal(state.rememberedSessionCountOf(user(name)), remembered.length);
    }
  }
}

function stateAt({ lastFencingToken, lastSequence }: LifeStart): State {
  return new State(fencingToken(lastFencingToken), sequence(lastSequence));
}

function leasesOf(state: State, name: string): Lease[] {
  const leases: Lease[] = [];
  for (let held = state.lock(lock(name))?.leases.first; held; held = held.next) leases.push(held.lease);
  return leases;
}

function observed({ outcome, events, settlements }: Step): Effects {
  return {
    outcome,
    events: events.map(({ type, subject, body }) => ({
      type,
      lockName: subject.lockName,
      fencingToken: body.fencingToken,
    })),
    answers: new Map(settlements.map(({ ticketId, answer }) => [ticketId, answer])),
  };
}
