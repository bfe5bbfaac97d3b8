import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Command } from '../../src/core/model/command.js';
import { recover } from '../../src/core/recovery.js';
import { State } from '../../src/core/state/state.js';
import type { Holding } from '../../src/core/state/state-view.js';
import type { Demand, Want } from '../../src/core/model/demand.js';
import type { Fence } from '../../src/core/model/fence.js';
import { locksOf, type Holder, type Lease } from '../../src/core/model/lease.js';
import type { Outcome } from '../../src/core/model/outcome.js';
import type { Quotas } from '../../src/core/model/quotas.js';
import { DurableRows } from '../../lab/kit/law/durable-rows.js';
import { LawCheck } from '../../lab/kit/law/law-check.js';
import type { LawModel } from '../../lab/kit/law/law-model.js';
import { coolingSeen } from '../../lab/kit/law/model-cooling.js';
import { isAsking, isInLine } from '../../lab/kit/law/model-state.js';
import { fenceName, fencingToken, instant, Law, leaseId, lock, sequence, user } from './law.js';
import { CHOSEN_LEASE_IDS, FENCES, LOCKS, USERS, type Action } from './law-actions.js';
import { Actors } from './law-actors.js';
import { LawInvariants } from './law-invariants.js';

const OPTIONS: Quotas = {
  maxLocks: 4,
  maxLocksPerUser: 3,
  maxSessions: 5,
  maxSessionsPerUser: 2,
  maxWaiters: 7,
  maxWaitersPerUser: 5,
  maxFences: 3,
  maxFencesPerUser: 2,
};

/** At this moment no deadline has passed, so that nothing is left out. */
const BEFORE_ALL = instant(0);

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
    const held = (state: State): Holding[] => Array.from(state.heldLocks('', null, BEFORE_ALL));
    assert.deepEqual(held(replayed), held(this.#law.state));
    for (const name of LOCKS) {
      const until = this.#law.state.availableAt(lock(name), BEFORE_ALL);
      assert.equal(replayed.availableAt(lock(name), BEFORE_ALL), until);
    }
    assert.equal(replayed.coolingCount, this.#law.state.coolingCount);
    assert.equal(replayed.leaseCount, this.#law.state.leaseCount);
    assert.equal(replayed.sessionCount, this.#law.state.sessionCount);
    assert.equal(replayed.rememberedSessionCount, this.#law.state.rememberedSessionCount);
    for (const name of FENCES) {
      assert.deepEqual(replayed.fence(fenceName(name)), this.#law.state.fence(fenceName(name)));
    }
    for (const { sessionId } of this.#model.sessions) {
      assert.deepEqual(replayed.session(sessionId), this.#law.state.session(sessionId));
    }
  }

  #do(command: Command): void {
    const before = this.#model.tickets;
    const step = this.#law.do(command);
    this.answers.add(`${command.kind}: ${inWords(step.outcome)}`);
    for (const { answer } of step.settlements) this.answers.add(`waiter: ${inWords(answer)}`);
    const mismatch = this.#check.follow(command, step, this.#law.now, (model) =>
      LOCKS.every((name) => isDeepStrictEqual(lineSeen(this.#law.state, name), lineOf(model, name))),
    );
    if (mismatch !== null) {
      assert.deepEqual(mismatch.seen, mismatch.expected);
      assert.fail('its changes, or the lines after it, are not what the step did');
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
    const model = this.#model;
    const live = model.leases.filter((lease) => model.isLive(lease, now));
    const held = live.flatMap(holdingsOf).toSorted(byNameAndToken);
    assert.deepEqual(Array.from(state.heldLocks('', null, now)), held);
    for (const name of LOCKS) assert.deepEqual(state.firstLiveLease(lock(name), now), firstOf(held, name));
    for (const name of USERS) {
      const own = held.filter(({ lease }) => lease.holder.userId === name);
      assert.deepEqual(state.heldLocksOfUser(user(name), '', null, now), own);
      assert.equal(state.placeCountOf(user(name)), placesOf(model, name).length);
      const remembered = model.sessions.filter((s) => s.state === 'expired' && s.userId === name);
      assert.equal(state.rememberedSessionCountOf(user(name)), remembered.length);
      const fences = model.fences.filter(({ userId }) => userId === name);
      assert.equal(state.fenceCountOf(user(name)), fences.length);
    }
    for (const session of model.sessions) {
      const { sessionId } = session;
      assert.deepEqual(state.session(sessionId), session);
      const own = live.filter(({ holder }) => holder.sessionId === sessionId);
      assert.equal(state.liveLeaseCountOfSession(sessionId, now), own.length);
    }
    for (const name of LOCKS) assert.deepEqual(lineSeen(state, name), lineOf(model, name));
    this.#expectSameAftermath();
    for (const name of FENCES) assert.deepEqual(state.fence(fenceName(name)), fenceOf(model, name));
    assert.equal(state.fenceCount, model.fences.length);
    assert.equal(state.leaseCount, model.leases.length);
    assert.equal(state.lockCount, model.leases.flatMap(locksOf).length);
    assert.equal(state.keptSessionCount, model.sessions.length);
    assert.equal(state.coolingCount, model.coolings.length);
    assert.equal(state.waiterCount, model.tickets.filter(isAsking).length);
    assert.equal(state.placeCount, placesOf(model).length);
  }

  /** What is left of leases that have ended: locks that cool, and the memory of what was broken. */
  #expectSameAftermath(): void {
    const { state, now } = this.#law;
    const remembered = this.#model.rememberedAt(now);
    for (const name of LOCKS)
      assert.equal(state.availableAt(lock(name), now), coolingSeen(this.#model, lock(name), now));
    for (const name of USERS)
      for (const id of CHOSEN_LEASE_IDS) {
        const ofId = remembered.filter(({ userId, leaseId: broken }) => userId === name && broken === id);
        assert.deepEqual(state.brokenLeasesWithId(user(name), leaseId(id), now), ofId);
      }
  }
}

/** One place in line, as both the state and the model know it. */
interface SeenPlace {
  readonly position: number;
  readonly holder: Holder;
  readonly leaseId: string;
  readonly demand: Demand;
  readonly isAsking: boolean;
}

const ALL = 1_000;

function lineSeen(state: State, name: string): SeenPlace[] {
  const { places, total, askingCount } = state.queue(lock(name), ALL);
  assert.equal(places.length, total);
  assert.equal(places.filter((place) => place.isAsking).length, askingCount);
  assert.equal(state.queueLength(lock(name)), askingCount);
  return places.map(({ position, holder, leaseId, demand, isAsking: asks }) => ({
    position,
    holder,
    leaseId,
    demand,
    isAsking: asks,
  }));
}

function lineOf(model: LawModel, name: string): SeenPlace[] {
  const line = model.tickets.filter((ticket) => isInLine(ticket, lock(name)));
  return line.map(({ request, silence }, index) => {
    const { holder, leaseId, wants } = request;
    const demand = wants.find(({ lockName }) => lockName === name)?.demand;
    assert.ok(demand !== undefined);
    const position = 1 + line.slice(0, index).filter(isAsking).length;
    return { position, holder, leaseId, demand, isAsking: silence === null };
  });
}

function fenceOf(model: LawModel, name: string): Fence | null {
  return model.fences.find((fence) => fence.name === name) ?? null;
}

function placesOf(model: LawModel, userName?: string): Want[] {
  const tickets = model.tickets.filter(
    ({ request }) => userName === undefined || request.holder.userId === userName,
  );
  return tickets.flatMap(({ request }) => request.wants);
}

function holdingsOf(lease: Lease): Holding[] {
  return locksOf(lease).map(({ lockName, hold }) => ({ lockName, hold, lease }));
}

function firstOf(held: readonly Holding[], name: string): Lease | null {
  return held.find(({ lockName }) => lockName === name)?.lease ?? null;
}

function byNameAndToken(a: Holding, b: Holding): number {
  if (a.lockName !== b.lockName) return a.lockName < b.lockName ? -1 : 1;
  return a.lease.fencingToken - b.lease.fencingToken;
}

/** The kind of an answer; of a conflict also what stands between. */
function inWords(answer: Outcome): string {
  return answer.kind === 'conflict' ? `conflict, ${answer.obstacle.kind}` : answer.kind;
}

function stateAt({ lastFencingToken, lastSequence }: LifeStart): State {
  return new State(fencingToken(lastFencingToken), sequence(lastSequence));
}
