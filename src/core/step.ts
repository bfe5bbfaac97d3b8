import type { Change } from './model/change.js';
import type {
  Acquire,
  AcquireRequest,
  CloseSession,
  Command,
  KeepSessionAlive,
  LeaveQueue,
  OpenSession,
  Release,
  Renew,
  Sweep,
  Wait,
} from './model/command.js';
import type { LockEvent } from './model/event.js';
import type { LeaseId, UserId } from './model/ids.js';
import { isSameHolder, type Lease } from './model/lease.js';
import type { LockName } from './model/lock-name.js';
import type { Outcome, OutcomeOf, Queued, TooManyWaiters } from './model/outcome.js';
import type { Session } from './model/session.js';
import type { State } from './state/state.js';
import { afterSeconds, type Instant } from './model/time.js';
import { Transition, type LawOptions, type Settlement } from './transition.js';
import type { Waiter } from './state/waiter.js';

/** What one command did. */
export interface Step<C extends Command = Command> {
  readonly outcome: OutcomeOf<C>;
  readonly changes: readonly Change[];
  readonly events: readonly LockEvent[];
  /** Answers to acquires that were queued earlier and are settled by this step. */
  readonly settlements: readonly Settlement[];
}

/**
 * The law: decides one command at one instant and carries it out on `state`. Given the same state, command, instant and
 * options it always does the same; it reads no clock and draws no random number. Nothing else in the service decides
 * anything about locks, leases, sessions, waiters, quotas or tokens.
 */
export function step<C extends Command>(
  state: State,
  command: C,
  now: Instant,
  options: LawOptions,
): Step<C> {
  const transition = new Transition(state, now, options);
  // The rule that `decide` picks answers with the outcomes of that command's kind; the switch cannot tell the compiler so.
  const outcome = decide(transition, command) as OutcomeOf<C>;
  const { changes, events, settlements } = transition;
  return { outcome, changes, events, settlements };
}

function decide(transition: Transition, command: Command): Outcome {
  switch (command.kind) {
    case 'acquire':
      return acquire(transition, command);
    case 'release':
      return release(transition, command);
    case 'renew':
      return renew(transition, command);
    case 'leave_queue':
      return leaveQueue(transition, command);
    case 'open_session':
      return openSession(transition, command);
    case 'keep_session_alive':
      return keepSessionAlive(transition, command);
    case 'close_session':
      return closeSession(transition, command);
    case 'sweep':
      return sweep(transition, command);
    default:
      return unreachable(command);
  }
}

function acquire(transition: Transition, command: Acquire): OutcomeOf<Acquire> {
  const { request } = command;
  const { lockName, holder } = request;
  if (holder.sessionId !== null) {
    const session = transition.aliveSession(holder.sessionId, holder.userId);
    if (session.kind !== 'alive') return session;
  }
  transition.endOverdueLease(lockName);
  const lease = transition.state.lease(lockName);
  if (lease === null) return transition.grant(request);
  if (isSameHolder(lease.holder, holder) && (!request.leaseIdChosen || request.leaseId === lease.leaseId)) {
    return { kind: 'already_held', lease };
  }
  if (command.wait === null) return transition.conflictWith(lease);
  return enqueue(transition, request, command.wait, lease);
}

function enqueue(
  transition: Transition,
  request: AcquireRequest,
  wait: Wait,
  lease: Lease,
): Queued | TooManyWaiters {
  // A client that asks again for the same lease has lost its first connection: the new request takes over its place, and so
  // needs no further room.
  const earlier = transition.state.waiterForChosenLease(request);
  const refusal = earlier === null ? transition.refusalOfWaiter(request.holder.userId) : null;
  if (refusal !== null) return refusal;
  const waiter: Waiter = {
    kind: 'waiter',
    waiterId: wait.waiterId,
    request,
    deadline: afterSeconds(transition.now, wait.seconds),
    slot: -1,
    previous: null,
    next: null,
  };
  if (earlier === null) transition.state.enqueue(waiter);
  else transition.replace(earlier, waiter, transition.conflictWith(lease));
  return { kind: 'queued' };
}

function release(transition: Transition, command: Release): OutcomeOf<Release> {
  const lease = leaseOfCaller(transition, command);
  if (lease === null) return { kind: 'lock_not_found' };
  transition.endLease(lease, 'released');
  return { kind: 'released' };
}

function renew(transition: Transition, command: Renew): OutcomeOf<Renew> {
  const lease = leaseOfCaller(transition, command);
  if (lease === null) return { kind: 'lock_not_found' };
  if (!transition.state.hasNumberForRenewal) return { kind: 'numbers_exhausted' };
  return { kind: 'renewed', lease: transition.renew(lease, command.ttlSeconds) };
}

function leaseOfCaller(
  transition: Transition,
  caller: { lockName: LockName; userId: UserId; leaseId: LeaseId },
): Lease | null {
  transition.endOverdueLease(caller.lockName);
  const lease = transition.state.lease(caller.lockName);
  if (lease === null || lease.leaseId !== caller.leaseId || lease.holder.userId !== caller.userId)
    return null;
  return lease;
}

function leaveQueue({ state }: Transition, command: LeaveQueue): OutcomeOf<LeaveQueue> {
  const waiter = state.waiter(command.waiterId);
  if (waiter === null) return { kind: 'not_queued' };
  state.dequeue(waiter);
  return { kind: 'left' };
}

function openSession(transition: Transition, command: OpenSession): OutcomeOf<OpenSession> {
  const limit = transition.options.maxSessionsPerUser;
  if (!transition.state.hasFewerSessionsThan(limit, command.userId, transition.now)) {
    return { kind: 'session_limit_exceeded', limit };
  }
  if (!transition.makeRoomForSession()) {
    return { kind: 'too_many_sessions', limit: transition.options.maxSessions };
  }
  const session: Session = {
    sessionId: command.sessionId,
    userId: command.userId,
    ttlSeconds: command.ttlSeconds,
    state: 'active',
    deadline: afterSeconds(transition.now, command.ttlSeconds),
  };
  transition.saveSession(session);
  return { kind: 'session_opened', session };
}

function keepSessionAlive(transition: Transition, command: KeepSessionAlive): OutcomeOf<KeepSessionAlive> {
  const found = transition.aliveSession(command.sessionId, command.userId);
  if (found.kind !== 'alive') return found;
  const session: Session = {
    ...found.session,
    deadline: afterSeconds(transition.now, found.session.ttlSeconds),
  };
  transition.saveSession(session);
  return { kind: 'session_kept_alive', session };
}

function closeSession(transition: Transition, command: CloseSession): OutcomeOf<CloseSession> {
  const found = transition.aliveSession(command.sessionId, command.userId);
  if (found.kind !== 'alive') return found;
  transition.closeSession(found.session);
  return { kind: 'session_closed' };
}

function sweep(transition: Transition, command: Sweep): OutcomeOf<Sweep> {
  for (let ended = 0; ended < command.limit; ended += 1) {
    if (!transition.endEarliestDue()) return { kind: 'swept', more: false };
  }
  return { kind: 'swept', more: transition.state.isAnythingDue(transition.now) };
}

function unreachable(command: never): never {
  throw new Error(`unexpected command: ${JSON.stringify(command)}`);
}
