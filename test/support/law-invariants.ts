import assert from 'node:assert/strict';
import type { Change } from '../../src/core/model/change.js';
import type { AcquireRequest, Command } from '../../src/core/model/command.js';
import type { Cooling } from '../../src/core/model/cooling.js';
import { demandOf, type LockMode } from '../../src/core/model/demand.js';
import type { LockEventType, ReportedEvent } from '../../src/core/model/event.js';
import type { LockName } from '../../src/core/model/lock-name.js';
import type { Fence } from '../../src/core/model/fence.js';
import { locksOf, type Lease } from '../../src/core/model/lease.js';
import type { Step } from '../../src/core/step.js';
import { fitsBeside, goTogether } from '../../lab/kit/law/go-together.js';
import { isAsking, isInLine, type ModelTicket } from '../../lab/kit/law/model-state.js';
import type { Law } from './law.js';
import type { DurableRows } from '../../lab/kit/law/durable-rows.js';

const ENDS: ReadonlySet<LockEventType> = new Set(['released', 'expired', 'broken']);

/** Those in line before and after a step, as the model knows them. */
export interface Lines {
  readonly before: readonly ModelTicket[];
  readonly after: readonly ModelTicket[];
  /** Whether a step has left grants for the next sweep. */
  readonly isUnfinished: boolean;
}

/** What must hold after every step, whatever the rules are in detail. Uses what steps report, the clock, and those in line. */
export class LawInvariants {
  readonly #law: Law;
  readonly #rows: DurableRows;
  readonly #answered = new Set<number>();
  #lastToken = 0;
  #lastSequence = 0;

  constructor(law: Law, rows: DurableRows) {
    this.#law = law;
    this.#rows = rows;
    this.#lastToken = law.state.lastFencingToken;
    this.#lastSequence = law.state.lastSequence;
  }

  /** Checks a step, and writes its changes to the rows one by one. */
  check(command: Command, step: Step, lines: Lines): void {
    this.#checkEvents(step);
    this.#checkChanges(command, step);
    this.#checkAnswers(command, step, lines);
    this.#checkLines(lines);
    this.#checkState();
  }

  /** Each event tells of one lock of a lease. A grant has a new token, and as many events as locks. */
  #checkEvents({ events }: Step): void {
    let [token, locks] = [this.#lastToken, 0];
    for (const { sequence, type, subject, body } of events) {
      assert.equal(sequence, this.#lastSequence + 1, 'the sequence increases by one');
      this.#lastSequence = sequence;
      assert.ok(body.leaseLocks.includes(subject.lockName), 'a lease has the lock that its event is about');
      if (type !== 'acquired') continue;
      if (locks === 0) assert.ok(body.fencingToken > token, 'tokens strictly increase');
      else assert.equal(body.fencingToken, token, 'all locks of a lease are granted at once');
      token = body.fencingToken;
      assert.equal(subject.lockName, body.leaseLocks[locks], 'in the order in which they were asked for');
      locks = (locks + 1) % body.leaseLocks.length;
    }
    assert.equal(locks, 0, 'several locks are granted as a whole');
    this.#lastToken = token;
  }

  #checkChanges(command: Command, { changes, events }: Step): void {
    const ends = events.filter(({ type }) => ENDS.has(type));
    for (const change of changes) {
      if (change.kind === 'lease_converted') this.#expectConverted(change, ends);
      if (change.kind === 'cooling_began') this.#expectFree(change.cooling);
      if (change.kind === 'cooling_ended') this.#expectCooled(command, change.cooling);
      if (change.kind === 'lease_ended') {
        const ofLease = locksOf(change.lease).map(() => ends.shift());
        for (const [index, { lockName }] of locksOf(change.lease).entries()) {
          const event = ofLease[index];
          assert.equal(event?.body.fencingToken, change.lease.fencingToken, 'each end has its events');
          assert.equal(event.subject.lockName, lockName, 'one for each lock');
        }
        if (ofLease[0]?.type === 'expired') this.#expectOverdue(change.lease);
        else if (ofLease[0]?.type === 'broken') expectBrokenBy(command, change.lease);
        else this.#expectReleasedBy(command, change.lease);
      }
      if (change.kind === 'fence_saved') this.#expectFenceGoesUp(change.fence);
      this.#rows.write(change);
      if (change.kind === 'lease_granted') this.#expectRoomFor(change);
      if (change.kind === 'lease_converted') this.#expectTogether(change.to);
    }
    assert.deepEqual(ends, [], 'each event of an end has its change');
  }

  /** A lease that gets a lock for itself has a new token, as if it had been released and granted. */
  #expectConverted({ from, to }: Extract<Change, { kind: 'lease_converted' }>, ends: ReportedEvent[]): void {
    const isUpgrade = modesOf(to).some(
      (mode, index) => mode === 'exclusive' && modesOf(from)[index] !== mode,
    );
    const tokens = [...this.#rows.leases.keys()];
    if (!isUpgrade)
      return assert.equal(to.fencingToken, from.fencingToken, 'only an upgrade has a new token');
    assert.ok(
      tokens.every((token) => token < to.fencingToken),
      'an upgrade has a new token',
    );
    for (const { lockName } of locksOf(from)) {
      const { type, subject, body } = ends.shift() ?? assert.fail('the old token has its events');
      const seen = [type, subject.lockName, body.fencingToken];
      assert.deepEqual(seen, ['released', lockName, from.fencingToken]);
    }
  }

  #expectFree({ lockName, until }: Cooling): void {
    assert.deepEqual(this.#holdsOf(lockName), [], 'no one holds a lock that cools');
    assert.ok(until > this.#law.now, 'what cools is not over');
  }

  /** No lock is free before it has cooled, unless someone with the right to do so ended that. */
  #expectCooled(command: Command, { lockName, until }: Cooling): void {
    const isBroken = command.kind === 'break' && command.lockName === lockName;
    assert.ok(this.#law.now > until || isBroken, 'a lock cools to the end');
  }

  #expectTogether(lease: Lease): void {
    for (const lockName of namesOf(lease)) {
      assert.ok(goTogether(this.#holdsOf(lockName)), 'the leases of a lock go together');
      assert.ok(!this.#rows.coolings.has(lockName), 'no one gets a lock that cools');
    }
  }

  /** No fence ever goes down, or sees a token that was not issued. */
  #expectFenceGoesUp({ name, userId, highest }: Fence): void {
    const before = this.#rows.fences.get(name);
    assert.ok(highest > (before?.highest ?? 0), 'a fence only goes up');
    assert.ok(highest <= this.#law.state.lastFencingToken, 'a fence sees only tokens that were issued');
    assert.equal(userId, before?.userId ?? userId, 'a fence keeps its owner');
  }

  /** Nothing ends before its deadline. */
  #expectOverdue(lease: Lease): void {
    const session = this.#rows.sessions.get(lease.holder.sessionId ?? '');
    const end = Math.min(lease.deadline, session?.deadline ?? Infinity);
    assert.ok(this.#law.now > end, 'nothing ends before its deadline');
  }

  #expectReleasedBy(command: Command, lease: Lease): void {
    const { leaseId, fencingToken, holder } = lease;
    switch (command.kind) {
      case 'close_session':
        assert.deepEqual([command.sessionId, command.userId], [holder.sessionId, holder.userId]);
        break;
      case 'release':
        assert.deepEqual([command.leaseId, command.userId], [leaseId, holder.userId]);
        assert.ok(command.lockName === null || namesOf(lease).includes(command.lockName));
        break;
      case 'take_back':
        assert.deepEqual([command.fencingToken, command.userId], [fencingToken, holder.userId]);
        break;
      default:
        assert.fail(`${command.kind} releases no lease`);
    }
  }

  /** All leases of a lock go together, overdue ones included, and a user has no more live locks than the quota allows. */
  #expectRoomFor({ lease }: Extract<Change, { kind: 'lease_granted' }>): void {
    const all = [...this.#rows.leases.values()];
    this.#expectTogether(lease);
    const own = all.filter(({ holder }) => holder.userId === lease.holder.userId);
    const live = own.filter((other) => this.#isLive(other));
    const cooling = [...this.#rows.coolings.values()].filter(
      ({ userId, until }) => userId === lease.holder.userId && this.#law.now <= until,
    );
    const count = live.flatMap(locksOf).length + cooling.length;
    assert.ok(count <= this.#law.options.maxLocksPerUser, 'the quota counts locks, and those that cool');
    assert.ok(live.includes(lease), 'what is granted lives');
  }

  #checkAnswers(command: Command, { outcome, settlements }: Step, lines: Lines): void {
    for (const { ticketId, answer, arrival } of settlements) {
      assert.ok(!this.#answered.has(ticketId), 'a waiter is answered once');
      this.#answered.add(ticketId);
      const ticket = lines.before.find((other) => other.ticketId === ticketId);
      assert.ok(ticket !== undefined && isAsking(ticket), 'only one that asks is answered');
      assert.equal(arrival, ticket.arrival, 'with the place that it has in line');
      if (answer.kind !== 'acquired') continue;
      this.#expectAsAskedFor(answer.lease, ticket.request);
      expectNoOvertaking(lines, ticket.request, arrival);
    }
    if (command.kind !== 'acquire' || outcome.kind !== 'acquired') return;
    const place = lines.before.find(({ request }) => isSameId(request, command.request));
    this.#expectAsAskedFor(outcome.lease, command.request);
    expectNoOvertaking(lines, command.request, place?.arrival ?? Infinity);
  }

  /** Several locks are granted as a whole or not at all. */
  #expectAsAskedFor(lease: Lease, { wants, leaseId, holder }: AcquireRequest): void {
    assert.deepEqual([lease.leaseId, lease.holder], [leaseId, holder]);
    const held = locksOf(lease).map(({ lockName, hold }) => ({ lockName, demand: demandOf(hold) }));
    assert.deepEqual(held, wants, 'all that was asked for is granted');
  }

  /** A lock with someone in line who can have it is never left as it is. */
  #checkLines({ after, isUnfinished }: Lines): void {
    if (isUnfinished) return;
    for (const ticket of after.filter(isAsking)) {
      const isFirst = !isAskedBefore(after, ticket.request, ticket.arrival);
      const fits = ticket.request.wants.every(
        ({ lockName, demand }) =>
          !this.#rows.coolings.has(lockName) && fitsBeside(this.#holdsOf(lockName), demand),
      );
      assert.ok(!(isFirst && fits), 'no one who can have its locks waits');
    }
  }

  #checkState(): void {
    const { state } = this.#law;
    assert.equal(state.lastFencingToken, this.#lastToken);
    assert.equal(state.lastSequence, this.#lastSequence);
    this.#checkLimits();
    for (const { lease } of state.heldLocks('', null, this.#law.now)) {
      assert.ok(this.#isLive(lease), 'no lease outlives its deadline or its session');
    }
  }

  /** No user, and not all users together, can exceed a limit. */
  #checkLimits(): void {
    const { state, options } = this.#law;
    const sessions = [...this.#rows.sessions.values()];
    assert.equal(state.keptSessionCount, sessions.length);
    assert.ok(sessions.length <= options.maxSessions, 'the limit of all sessions is kept');
    const remembered = sessions.filter(({ state: is }) => is === 'expired');
    for (const { userId } of remembered) {
      const own = remembered.filter((session) => session.userId === userId);
      assert.ok(own.length <= options.maxSessionsPerUser, 'the limit of remembered sessions is kept');
      assert.equal(state.rememberedSessionCountOf(userId), own.length);
    }
    const fences = [...this.#rows.fences.values()];
    assert.ok(fences.length <= options.maxFences, 'the limit of all fences is kept');
    for (const { userId } of fences) {
      const own = fences.filter((fence) => fence.userId === userId);
      assert.ok(own.length <= options.maxFencesPerUser, 'the limit of fences is kept');
    }
    const locks = [...this.#rows.leases.values()].flatMap(locksOf).length;
    const { size: cooling } = this.#rows.coolings;
    assert.ok(locks + cooling <= options.maxLocks, 'the limit of all locks is kept');
    assert.ok(Number.MAX_SAFE_INTEGER - this.#lastSequence >= locks, 'there is a number for each end');
    assert.ok(Number.isSafeInteger(state.lastFencingToken) && Number.isSafeInteger(state.lastSequence));
  }

  #holdsOf(lockName: LockName) {
    const held = [...this.#rows.leases.values()].flatMap(locksOf);
    return held.filter((other) => other.lockName === lockName).map(({ hold }) => hold);
  }

  #isLive(lease: Lease): boolean {
    const { sessionId } = lease.holder;
    const session = sessionId === null ? null : this.#rows.sessions.get(sessionId);
    const isSessionLive =
      session === null || (session?.state === 'active' && this.#law.now <= session.deadline);
    return this.#law.now <= lease.deadline && isSessionLive;
  }
}

function expectBrokenBy(command: Command, lease: Lease): void {
  if (command.kind !== 'break') return assert.fail(`${command.kind} breaks no lease`);
  assert.ok(namesOf(lease).includes(command.lockName), 'only leases of the lock are broken');
  const isMeant =
    command.which === 'only'
      ? lease.fencingToken === command.fencingToken
      : lease.fencingToken <= command.fencingToken;
  assert.ok(isMeant, 'only the leases that are meant are broken');
}

/** No one who came earlier and asked all the time still waits for one of the locks. */
function expectNoOvertaking({ before, after }: Lines, request: AcquireRequest, arrival: number): void {
  const patient = after.filter((ticket) =>
    before.some((other) => other.arrival === ticket.arrival && isAsking(other)),
  );
  assert.ok(!isAskedBefore(patient, request, arrival), 'no one is overtaken');
}

function isAskedBefore(tickets: readonly ModelTicket[], { wants }: AcquireRequest, arrival: number): boolean {
  return tickets.some(
    (ticket) =>
      isAsking(ticket) &&
      ticket.arrival < arrival &&
      wants.some(({ lockName }) => isInLine(ticket, lockName)),
  );
}

function isSameId(a: AcquireRequest, b: AcquireRequest): boolean {
  return (
    a.leaseIdChosen &&
    b.leaseIdChosen &&
    a.leaseId === b.leaseId &&
    a.holder.userId === b.holder.userId &&
    a.wants.some(({ lockName }) => b.wants.some((other) => other.lockName === lockName))
  );
}

function namesOf(lease: Lease): LockName[] {
  return locksOf(lease).map(({ lockName }) => lockName);
}

function modesOf(lease: Lease): LockMode[] {
  return locksOf(lease).map(({ hold }) => hold.mode);
}
