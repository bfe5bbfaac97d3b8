import type { Command } from '../../../src/core/model/command.js';
import type { Lease } from '../../../src/core/model/lease.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { Outcome } from '../../../src/core/model/outcome.js';
import type { StateView } from '../../../src/core/state/state-view.js';
import type { Instant } from '../../../src/core/model/time.js';
import type { Hold, Memory } from './memory.js';
import { Span, type Restart } from './span.js';

interface Parts {
  readonly memory: Memory;
  readonly view: StateView;
  readonly lockNames: readonly LockName[];
  readonly maxLocksPerUser: number;
  /** True time, in milliseconds. */
  readonly nowMs: () => number;
  /** The same moment on the service's own line. */
  readonly instant: () => Instant;
  readonly report: (broken: string) => void;
}

/** Follows the order in which one process of the server decides, whether or not that becomes durable. */
export class LiveOrder {
  readonly #parts: Parts;
  readonly #live = new Map<LockName, Hold>();
  /** Above it, tokens are new. */
  #newestToken: number;

  /** @param restart Under which circumstances the process took over what was on disk. */
  constructor(parts: Parts, restart: Restart) {
    this.#parts = parts;
    this.#newestToken = parts.view.lastFencingToken;
    this.#takeOverSessions(restart);
    for (const lockName of parts.lockNames) this.#takeOver(lockName, restart);
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

  /** The token that holds the lock as of the last step; 0 if none does. */
  tokenOf(lockName: LockName): number {
    return this.#live.get(lockName)?.token ?? 0;
  }

  /** The request for the lease with this id was abandoned. Unless another of its holder met the lease, nobody may hold it. */
  expectNotHeldFor(lockName: LockName, leaseId: string): void {
    const hold = this.#live.get(lockName);
    if (hold?.leaseId !== leaseId || this.#parts.memory.shared.has(hold.token)) return;
    this.#parts.report(`${lockName}: ${hold.token} is held for a client that had left`);
  }

  /** What holds after every step. */
  inspect(): void {
    const { lockNames, view, report, maxLocksPerUser } = this.#parts;
    const instant = this.#parts.instant();
    const counts = new Map<string, number>();
    const newestBefore = this.#newestToken;
    for (const lockName of lockNames) {
      const lease = view.firstLiveLease(lockName, instant);
      const hold = this.#live.get(lockName);
      if (hold !== undefined && hold.token !== lease?.fencingToken) this.#ended(hold);
      if (lease === null) continue;
      this.#expectAlive(hold?.token === lease.fencingToken ? hold : this.#began(lease, newestBefore));
      counts.set(lease.holder.userId, (counts.get(lease.holder.userId) ?? 0) + 1);
    }
    for (const [userId, count] of counts) {
      if (count > maxLocksPerUser) report(`${userId} holds ${count} locks of ${maxLocksPerUser}`);
    }
    this.#inspectSessions(instant);
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
    this.#live.set(lockName, begun);
    return begun;
  }

  #ended(hold: Hold): void {
    this.#live.delete(hold.lockName);
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
    // Passed on to its holder in this very step, and so seen as a new lease at the end of it.
    if (fencingToken > this.#newestToken) return;
    const hold = this.#live.get(lockName);
    const nowMs = this.#parts.nowMs();
    if (command.kind !== 'renew' || hold?.token !== fencingToken || nowMs > hold.span.latestEndMs) {
      return this.#parts.report(`${lockName}: ${fencingToken} was renewed but does not hold the lock`);
    }
    if (hold.leaseId !== command.leaseId || hold.userId !== command.userId) {
      this.#parts.report(`${lockName}: a stranger renewed ${fencingToken}`);
    }
    hold.span.extend(nowMs, ttlSeconds, deadline);
  }

  #released(command: Command): void {
    if (command.kind !== 'release') return;
    const hold = this.#live.get(command.lockName);
    if (hold === undefined || hold.leaseId !== command.leaseId || hold.userId !== command.userId) {
      const isPassedOn = this.#parts.view.lastFencingToken > this.#newestToken;
      if (isPassedOn && (hold === undefined || this.#mayHaveEnded(hold))) return this.#skipTokens();
      return this.#parts.report(`${command.lockName}: released by one who does not hold it`);
    }
    hold.isReleased = true;
  }

  /** An overdue lease was passed on to one who gave it back, all in one step: nobody could see it. */
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
    const hold = this.#live.get(command.lockName);
    if (hold?.leaseId !== command.leaseId || hold.userId !== command.userId || hold.isReleased) return;
    if (this.#mayHaveEnded(hold)) return;
    this.#parts.report(`${command.lockName}: ${command.kind} was refused to its holder ${hold.token}`);
  }

  #expectHolds({ lockName, fencingToken }: Lease): void {
    if (this.#parts.view.firstLiveLease(lockName, this.#parts.instant())?.fencingToken === fencingToken) return;
    this.#parts.report(`${lockName}: ${fencingToken} is said to hold the lock but does not`);
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

  #takeOver(lockName: LockName, restart: Restart): void {
    const { memory, view, report } = this.#parts;
    const lease = view.firstLiveLease(lockName, this.#parts.instant());
    if (lease === null) return;
    const hold = memory.holds.get(lease.fencingToken);
    if (hold === undefined) return report(`${lockName}: lease ${lease.fencingToken} comes from nowhere`);
    hold.isReleased = false;
    hold.isOver = false;
    hold.span.restarted(restart, lease.ttlSeconds, lease.deadline);
    this.#live.set(lockName, hold);
  }

  /** What was told survives, unless its end was asked for or its time was up. */
  #expectSurvivors(restart: Restart): void {
    for (const hold of this.#parts.memory.holds.values()) {
      if (hold.isOver || this.#live.get(hold.lockName) === hold) continue;
      hold.isOver = true;
      if (!hold.isTold || hold.isReleased || this.#maySessionBeOver(hold)) continue;
      if (hold.span.mayHaveEndedBy(this.#parts.nowMs(), restart)) continue;
      this.#parts.report(`${hold.lockName}: lease ${hold.token} was told and is lost`);
    }
  }
}
