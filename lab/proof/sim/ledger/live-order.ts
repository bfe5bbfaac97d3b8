import type { StateView } from '../../../../src/core/state/state-view.js';
import type { Command } from '../../../../src/core/model/command.js';
import type { Lease } from '../../../../src/core/model/lease.js';
import type { LockName } from '../../../../src/core/model/lock-name.js';
import type { Outcome } from '../../../../src/core/model/outcome.js';
import type { Instant } from '../../../../src/core/model/time.js';
import type { Release, Renew } from '../../../../src/core/model/command.js';
import { goTogether } from '../../../kit/history/go-together.js';
import type { Hold, Memory } from './memory.js';
import { Span, type Restart } from './span.js';

interface Parts {
  readonly memory: Memory;
  readonly view: StateView;
  readonly maxLocksPerUser: number;
  /** True time, in milliseconds. */
  readonly nowMs: () => number;
  /** The same moment on the service's own line. */
  readonly instant: () => Instant;
  readonly report: (broken: string) => void;
}

type OfLease = Pick<Release | Renew, 'lockName' | 'leaseId' | 'userId'>;

/** Follows the order in which one process of the server decides, whether or not that becomes durable. */
export class LiveOrder {
  readonly #parts: Parts;
  /** By their tokens. */
  readonly #live = new Map<number, Hold>();
  /** Above it, tokens are new. */
  #newestToken: number;

  /** @param restart Under which circumstances the process took over what was on disk. */
  constructor(parts: Parts, restart: Restart) {
    this.#parts = parts;
    this.#newestToken = parts.view.lastFencingToken;
    this.#takeOverSessions(restart);
    for (const lease of this.#liveLeases()) this.#takeOver(lease, restart);
    this.#expectSurvivors(restart);
  }

  decided(command: Command, outcome: Outcome): void {
    const { memory } = this.#parts;
    const nowMs = this.#parts.nowMs();
    switch (outcome.kind) {
      case 'session_opened': {
        const { sessionId: id, userId, ttlSeconds, deadline } = outcome.session;
        const span = new Span(nowMs, ttlSeconds, deadline);
        memory.sessions.set(id, { id, userId, span, isClosed: false, isTold: false });
        return;
      }
      case 'session_kept_alive':
        return this.#keptAlive(outcome.session);
      case 'session_closed':
        if (command.kind === 'close_session') this.#closed(command.sessionId);
        return;
      case 'renewed':
        return this.#renewed(command, outcome.lease);
      case 'released':
        return this.#released(command);
      case 'lock_not_found':
        return this.#expectNotHeld(command);
      case 'already_held':
        memory.shared.add(outcome.lease.fencingToken);
        return this.#expectHolds(outcome.lease);
      case 'conflict':
        return this.#expectHolds(outcome.lease);
      case 'lock_limit_exceeded':
        return this.#expectQuotaUsedUp(command);
      default:
    }
  }

  /** The newest token that holds the lock as of the last step; 0 if none does. */
  newestTokenOf(lockName: LockName): number {
    return Math.max(0, ...this.#holdsOf(lockName).map(({ token }) => token));
  }

  /** The request for the lease with this id was abandoned. Unless another of its holder met the lease, nobody may hold it. */
  expectNotHeldFor(lockName: LockName, leaseId: string): void {
    const hold = this.#holdsOf(lockName).find((other) => other.leaseId === leaseId);
    if (hold === undefined || this.#parts.memory.shared.has(hold.token)) return;
    this.#parts.report(`${lockName}: ${hold.token} is held for a client that had left`);
  }

  /** What holds after every step. */
  inspect(): void {
    const { report, maxLocksPerUser } = this.#parts;
    const newestBefore = this.#newestToken;
    const leases = this.#liveLeases();
    const tokens = new Set<number>(leases.map(({ fencingToken }) => fencingToken));
    for (const hold of this.#live.values()) if (!tokens.has(hold.token)) this.#ended(hold);
    for (const lease of leases) {
      this.#expectAlive(this.#live.get(lease.fencingToken) ?? this.#began(lease, newestBefore));
    }
    for (const [lockName, held] of groupBy(leases, (lease) => lease.lockName)) {
      if (!goTogether(held)) report(`${lockName}: ${held.length} leases hold it that do not go together`);
    }
    for (const [userId, { length }] of groupBy(leases, ({ holder }) => holder.userId)) {
      if (length > maxLocksPerUser) report(`${userId} holds ${length} locks of ${maxLocksPerUser}`);
    }
    this.#inspectSessions(this.#parts.instant());
  }

  #liveLeases(): Lease[] {
    return [...this.#parts.view.liveLeases('', null, this.#parts.instant())];
  }

  #holdsOf(lockName: LockName): Hold[] {
    return [...this.#live.values()].filter((hold) => hold.lockName === lockName);
  }

  #began(lease: Lease, newestBefore: number): Hold {
    const { fencingToken: token, lockName, holder, leaseId, ttlSeconds, deadline } = lease;
    if (token <= newestBefore) this.#parts.report(`${lockName}: token ${token} came back to life`);
    this.#newestToken = Math.max(this.#newestToken, token);
    const span = new Span(this.#parts.nowMs(), ttlSeconds, deadline);
    const { userId, sessionId } = holder;
    const hold = { token, lockName, userId, sessionId, leaseId, span };
    const begun = { ...hold, isReleased: false, isOver: false, isTold: false };
    this.#parts.memory.holds.set(token, begun);
    this.#live.set(token, begun);
    return begun;
  }

  #ended(hold: Hold): void {
    this.#live.delete(hold.token);
    if (hold.isReleased || this.#parts.nowMs() > hold.span.earliestEndMs || this.#maySessionBeOver(hold))
      return;
    const left = hold.span.earliestEndMs - this.#parts.nowMs();
    this.#parts.report(`${hold.lockName}: lease ${hold.token} ended ${left} ms before its deadline`);
  }

  #maySessionBeOver({ sessionId }: Hold): boolean {
    if (sessionId === null) return false;
    const session = this.#parts.memory.sessions.get(sessionId);
    return session === undefined || session.isClosed || this.#parts.nowMs() > session.span.earliestEndMs;
  }

  #expectAlive({ token, lockName, span, sessionId }: Hold): void {
    const { memory, report } = this.#parts;
    const nowMs = this.#parts.nowMs();
    if (nowMs > span.latestEndMs) report(`${lockName}: lease ${token} outlives its deadline`);
    if (memory.isDead(lockName, token))
      report(`${lockName}: lease ${token} lives though somebody was told of its end`);
    if (sessionId === null) return;
    const session = memory.sessions.get(sessionId);
    if (session === undefined || session.isClosed || nowMs > session.span.latestEndMs) {
      report(`${lockName}: lease ${token} outlives its session`);
    }
  }

  #inspectSessions(instant: Instant): void {
    const { memory, view, report } = this.#parts;
    const nowMs = this.#parts.nowMs();
    for (const { id, span, isClosed } of memory.sessions.values()) {
      if (isClosed || nowMs > span.earliestEndMs) continue;
      const session = view.session(id);
      if (session === null || session.state !== 'active' || instant > session.deadline) {
        report(`session ${id} ended ${span.earliestEndMs - nowMs} ms early`);
      }
    }
  }

  #keptAlive({
    sessionId,
    ttlSeconds,
    deadline,
  }: {
    sessionId: string;
    ttlSeconds: number;
    deadline: number;
  }): void {
    const known = this.#parts.memory.sessions.get(sessionId);
    if (known === undefined || known.isClosed || this.#parts.nowMs() > known.span.latestEndMs) {
      this.#parts.report(`session ${sessionId} was kept alive after its end`);
    }
    known?.span.extend(this.#parts.nowMs(), ttlSeconds, deadline);
  }

  #closed(sessionId: string): void {
    const known = this.#parts.memory.sessions.get(sessionId);
    if (known !== undefined) known.isClosed = true;
  }

  #renewed(command: Command, { fencingToken, lockName, ttlSeconds, deadline }: Lease): void {
    // Handed over to its holder in this very step, and so seen as a new lease at the end of it.
    if (fencingToken > this.#newestToken) return;
    const hold = this.#live.get(fencingToken);
    const nowMs = this.#parts.nowMs();
    if (command.kind !== 'renew' || hold === undefined || nowMs > hold.span.latestEndMs) {
      return this.#parts.report(`${lockName}: ${fencingToken} was renewed but does not hold the lock`);
    }
    if (hold.leaseId !== command.leaseId || hold.userId !== command.userId) {
      this.#parts.report(`${lockName}: a stranger renewed ${fencingToken}`);
    }
    hold.span.extend(nowMs, ttlSeconds, deadline);
  }

  #released(command: Command): void {
    if (command.kind !== 'release') return;
    const hold = this.#holdOf(command);
    if (hold !== undefined) {
      hold.isReleased = true;
      return;
    }
    const isHandedOver = this.#parts.view.lastFencingToken > this.#newestToken;
    const others = this.#holdsOf(command.lockName);
    if (isHandedOver && others.every((other) => this.#mayHaveEnded(other))) return this.#skipTokens();
    this.#parts.report(`${command.lockName}: released by one who does not hold it`);
  }

  /** The lease that a command names, if its user has it. */
  #holdOf({ lockName, leaseId, userId }: OfLease): Hold | undefined {
    return this.#holdsOf(lockName).find((hold) => hold.leaseId === leaseId && hold.userId === userId);
  }

  /** The lock of an overdue lease was handed over to one who gave it back, all in one step: nobody could see it. */
  #skipTokens(): void {
    const { memory, view } = this.#parts;
    for (let token = this.#newestToken + 1; token <= view.lastFencingToken; token += 1)
      memory.unseen.add(token);
  }

  #mayHaveEnded(hold: Hold): boolean {
    return this.#parts.nowMs() > hold.span.earliestEndMs || this.#maySessionBeOver(hold);
  }

  #expectNotHeld(command: Command): void {
    if (command.kind !== 'release' && command.kind !== 'renew') return;
    const hold = this.#holdOf(command);
    if (hold === undefined || hold.isReleased || this.#mayHaveEnded(hold)) return;
    this.#parts.report(`${command.lockName}: ${command.kind} was refused to its holder ${hold.token}`);
  }

  #expectHolds({ lockName, fencingToken }: Lease): void {
    const isHeld = this.#liveLeases().some(
      (lease) => lease.lockName === lockName && lease.fencingToken === fencingToken,
    );
    if (!isHeld) this.#parts.report(`${lockName}: ${fencingToken} is said to hold the lock but does not`);
  }

  #expectQuotaUsedUp(command: Command): void {
    if (command.kind !== 'acquire') return;
    const { view, maxLocksPerUser, report } = this.#parts;
    const { userId } = command.request.holder;
    const held = view.liveLeasesOfUser(userId, '', null, this.#parts.instant()).length;
    if (held < maxLocksPerUser) report(`${userId} was refused with ${held} locks of ${maxLocksPerUser}`);
  }

  #takeOverSessions(restart: Restart): void {
    const { memory, view } = this.#parts;
    const instant = this.#parts.instant();
    for (const [id, known] of memory.sessions) {
      const session = view.session(known.id);
      if (session !== null && session.state === 'active' && instant <= session.deadline) {
        // Its close, if it was asked for, is undone. Whoever was told of it would not see this.
        known.isClosed = false;
        known.span.restarted(restart, session.ttlSeconds, session.deadline);
        continue;
      }
      const mayBeGone =
        !known.isTold || known.isClosed || known.span.mayHaveEndedBy(this.#parts.nowMs(), restart);
      if (!mayBeGone) this.#parts.report(`session ${id} was lost in a crash`);
      known.isClosed = true;
    }
  }

  #takeOver(lease: Lease, restart: Restart): void {
    const { memory, report } = this.#parts;
    const hold = memory.holds.get(lease.fencingToken);
    if (hold === undefined)
      return report(`${lease.lockName}: lease ${lease.fencingToken} comes from nowhere`);
    hold.isReleased = false;
    hold.isOver = false;
    hold.span.restarted(restart, lease.ttlSeconds, lease.deadline);
    this.#live.set(hold.token, hold);
  }

  /** What was told survives, unless its end was asked for or its time was up. */
  #expectSurvivors(restart: Restart): void {
    for (const hold of this.#parts.memory.holds.values()) {
      if (hold.isOver || this.#live.get(hold.token) === hold) continue;
      hold.isOver = true;
      if (!hold.isTold || hold.isReleased || this.#maySessionBeOver(hold)) continue;
      if (hold.span.mayHaveEndedBy(this.#parts.nowMs(), restart)) continue;
      this.#parts.report(`${hold.lockName}: lease ${hold.token} was told and is lost`);
    }
  }
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
