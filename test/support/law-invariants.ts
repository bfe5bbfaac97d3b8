import assert from 'node:assert/strict';
import type { Change } from '../../src/core/model/change.js';
import type { Command } from '../../src/core/model/command.js';
import type { LockName } from '../../src/core/model/lock-name.js';
import type { Lease } from '../../src/core/model/lease.js';
import type { Step } from '../../src/core/step.js';
import { goTogether } from '../../lab/kit/law/go-together.js';
import type { Law } from './law.js';
import type { DurableRows } from '../../lab/kit/law/durable-rows.js';

interface Place {
  readonly lockName: LockName;
  readonly number: number;
}

/** What must hold after every step, whatever the rules are in detail. Uses only what steps report, and the clock. */
export class LawInvariants {
  readonly #law: Law;
  readonly #rows: DurableRows;
  readonly #answered = new Set<number>();
  /** The waiters, numbered in the order they arrived. */
  readonly #places = new Map<number, Place>();
  #lastPlace = 0;
  #lastToken = 0;
  #lastSequence = 0;

  constructor(law: Law, rows: DurableRows) {
    this.#law = law;
    this.#rows = rows;
    this.#lastToken = law.state.lastFencingToken;
    this.#lastSequence = law.state.lastSequence;
  }

  /** Checks a step, and writes its changes to the rows one by one. */
  check(command: Command, step: Step): void {
    this.#checkEvents(step);
    this.#checkChanges(command, step);
    this.#checkQueues(command, step);
    this.#checkState();
  }

  #checkEvents({ events }: Step): void {
    for (const { sequence, type, body } of events) {
      assert.equal(sequence, this.#lastSequence + 1, 'the sequence increases by one');
      this.#lastSequence = sequence;
      if (type !== 'acquired') continue;
      assert.ok(body.fencingToken > this.#lastToken, 'tokens strictly increase');
      this.#lastToken = body.fencingToken;
    }
  }

  #checkChanges(command: Command, { changes, events }: Step): void {
    const ends = events.filter(({ type }) => type === 'released' || type === 'expired');
    for (const change of changes) {
      if (change.kind === 'lease_ended') {
        const event = ends.shift();
        assert.equal(event?.body.fencingToken, change.lease.fencingToken, 'each end has its event');
        if (event?.type === 'expired') this.#expectOverdue(change.lease);
        else this.#expectReleasedBy(command, change.lease);
      }
      this.#rows.write(change);
      if (change.kind === 'lease_granted') this.#expectRoomFor(change);
    }
    assert.deepEqual(ends, [], 'each event of an end has its change');
  }

  /** Nothing ends before its deadline. */
  #expectOverdue(lease: Lease): void {
    const session = this.#rows.sessions.get(lease.holder.sessionId ?? '');
    const end = Math.min(lease.deadline, session?.deadline ?? Infinity);
    assert.ok(this.#law.now > end, 'nothing ends before its deadline');
  }

  #expectReleasedBy(command: Command, { leaseId, lockName, holder }: Lease): void {
    const userId = holder.userId;
    const expected =
      command.kind === 'close_session'
        ? { kind: 'close_session', sessionId: holder.sessionId, userId }
        : { kind: 'release', lockName, leaseId, userId };
    assert.deepEqual(command, expected, 'only its holder releases a lease');
  }

  /** All leases of a lock go together, overdue ones included, and a user has no more live leases than the quota allows. */
  #expectRoomFor({ lease }: Extract<Change, { kind: 'lease_granted' }>): void {
    const all = [...this.#rows.leases.values()];
    const ofLock = all.filter(({ lockName }) => lockName === lease.lockName);
    assert.ok(goTogether(ofLock), 'the leases of a lock go together');
    const own = all.filter(({ holder }) => holder.userId === lease.holder.userId);
    const live = own.filter((other) => this.#isLive(other));
    assert.ok(live.length <= this.#law.options.maxLocksPerUser, 'the quota is kept');
    assert.ok(live.includes(lease), 'what is granted lives');
  }

  #checkQueues(command: Command, { outcome, settlements }: Step): void {
    let inherited: number | null = null;
    for (const { ticketId, answer } of settlements) {
      assert.ok(!this.#answered.has(ticketId), 'a waiter is answered once');
      this.#answered.add(ticketId);
      const place = this.#places.get(ticketId);
      this.#places.delete(ticketId);
      if (answer.kind === 'conflict' && outcome.kind === 'queued') inherited = place?.number ?? null;
      if (answer.kind === 'acquired') this.#expectFirst(place);
    }
    if (command.kind === 'leave_queue' && outcome.kind === 'left') this.#places.delete(command.ticketId);
    if (command.kind !== 'acquire') return;
    const { lockName } = command.request;
    // A newcomer never overtakes a waiter. A lock that is granted at once has no waiters.
    if (outcome.kind === 'acquired') assert.deepEqual(this.#waitersOf(lockName), []);
    if (outcome.kind !== 'queued' || command.wait === null) return;
    this.#lastPlace += 1;
    this.#places.set(command.wait.ticketId, { lockName, number: inherited ?? this.#lastPlace });
  }

  #expectFirst(place: Place | undefined): void {
    assert.ok(place !== undefined, 'only a waiter is answered');
    const ahead = this.#waitersOf(place.lockName).filter(({ number }) => number < place.number);
    assert.deepEqual(ahead, [], 'first come, first served');
  }

  #waitersOf(lockName: LockName): Place[] {
    return [...this.#places.values()].filter((place) => place.lockName === lockName);
  }

  #checkState(): void {
    const { state } = this.#law;
    assert.equal(state.lastFencingToken, this.#lastToken);
    assert.equal(state.lastSequence, this.#lastSequence);
    assert.equal(state.waiterCount, this.#places.size);
    assert.equal(state.leaseCount, this.#rows.leases.size);
    this.#checkLimits();
    for (const place of this.#places.values()) {
      const leases = [...this.#rows.leases.values()].filter(({ lockName }) => lockName === place.lockName);
      assert.ok(!goTogether([...leases, place]), 'no one who fits waits');
    }
    for (const lease of state.liveLeases('', null, this.#law.now)) {
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
    assert.ok(state.waiterCount <= options.maxWaiters, 'the limit of all waiters is kept');
    assert.ok(state.leaseCount <= options.maxLocks, 'the limit of all locks is kept');
    assert.ok(state.hasNumbersToEndAllLeases, 'there is a number for the end of each lease');
    assert.ok(Number.isSafeInteger(state.lastFencingToken) && Number.isSafeInteger(state.lastSequence));
  }

  #isLive(lease: Lease): boolean {
    const { sessionId } = lease.holder;
    const session = sessionId === null ? null : this.#rows.sessions.get(sessionId);
    const isSessionLive =
      session === null || (session?.state === 'active' && this.#law.now <= session.deadline);
    return this.#law.now <= lease.deadline && isSessionLive;
  }
}
