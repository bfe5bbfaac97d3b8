import type { Command } from '../../../src/core/model/command.js';
import type { Lease } from '../../../src/core/model/lease.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { Outcome } from '../../../src/core/model/outcome.js';
import type { Session } from '../../../src/core/model/session.js';
import { endCooling, endLease, handOver, linesOf, removeTickets } from './model-hand-over.js';
import { instant, isAsking, type ModelState } from './model-state.js';

const HOUR_MS = 3_600_000;

export type SessionCommand = Extract<Command, { kind: `${string}session${string}` }>;

export function decideOnSession(model: ModelState, command: SessionCommand): Outcome {
  if (command.kind === 'open_session') return openSession(model, command);
  const { sessionId, userId } = command;
  const refusal = refusalOfSession(model, sessionId, userId);
  if (refusal !== null) return refusal;
  const session = model.session(sessionId);
  if (command.kind === 'close_session') {
    endSession(model, session, 'released');
    model.sessions = model.sessions.filter((other) => other.sessionId !== sessionId);
    return { kind: 'session_closed' };
  }
  const kept = { ...session, deadline: instant(model.now + 1000 * session.ttlSeconds) };
  model.replaceSession(kept);
  return { kind: 'session_kept_alive', session: kept };
}

function openSession(
  model: ModelState,
  { sessionId, userId, ttlSeconds, madeWith }: Extract<Command, { kind: 'open_session' }>,
): Outcome {
  const { maxSessions, maxSessionsPerUser: limit } = model.options;
  const live = model.sessions.filter(
    (other) => other.userId === userId && model.isSessionLive(other.sessionId),
  );
  if (live.length >= limit) return { kind: 'session_limit_exceeded', limit };
  if (model.sessions.length >= maxSessions && !forgetOldest(model, () => true)) {
    return { kind: 'too_many_sessions', limit: maxSessions };
  }
  const deadline = instant(model.now + 1000 * ttlSeconds);
  const session: Session = { sessionId, userId, ttlSeconds, state: 'active', deadline, madeWith };
  model.sessions.push(session);
  return { kind: 'session_opened', session };
}

export function refusalOfSession(
  model: ModelState,
  sessionId: string,
  userId: string,
): { kind: 'session_not_found' | 'session_expired' } | null {
  const session = model.sessions.find((other) => other.sessionId === sessionId);
  if (session === undefined || session.userId !== userId) return { kind: 'session_not_found' };
  if (model.isSessionLive(sessionId)) return null;
  if (session.state === 'active') expireSession(model, session);
  return { kind: 'session_expired' };
}

function endSession(model: ModelState, session: Session, how: 'released' | 'expired'): void {
  const isOfSession = (item: { holder: Lease['holder'] }): boolean =>
    item.holder.sessionId === session.sessionId;
  const tickets = model.tickets.filter(({ request }) => isOfSession(request));
  for (const ticket of tickets.filter(isAsking)) {
    model.answer(ticket, { kind: how === 'expired' ? 'session_expired' : 'session_not_found' });
  }
  removeTickets(model, tickets);
  handOver(model, tickets.flatMap(linesOf));
  const leases = model.leases.filter(isOfSession).toSorted((a, b) => a.fencingToken - b.fencingToken);
  for (const lease of leases) endLease(model, lease, how);
}

export function expireSession(model: ModelState, session: Session): void {
  endSession(model, session, 'expired');
  const remembered = model.sessions.filter((other) => isRememberedOf(session, other));
  if (remembered.length >= model.options.maxSessionsPerUser) {
    forgetOldest(model, (other) => isRememberedOf(session, other));
  }
  model.replaceSession({ ...session, state: 'expired', deadline: instant(model.now + HOUR_MS) });
}

/** Forgets the session that expired longest ago. Returns false if none is remembered. */
function forgetOldest(model: ModelState, mayBe: (session: Session) => boolean): boolean {
  const remembered = model.sessions.filter((session) => session.state === 'expired' && mayBe(session));
  const earliest = Math.min(...remembered.map(({ deadline }) => deadline));
  const candidates = remembered.filter(({ deadline }) => deadline === earliest);
  const oldest = model.first(candidates.map((session) => ({ session, deadline: earliest })))?.session;
  model.sessions = model.sessions.filter((session) => session !== oldest);
  return oldest !== undefined;
}

function isRememberedOf({ userId }: Session, other: Session): boolean {
  return other.state === 'expired' && other.userId === userId;
}

/** Ends what is overdue of a lock before a request about it is decided, so that waiters come before the newcomer. */
export function endOverdue(model: ModelState, lockName: LockName): void {
  const cooling = model.coolingOf(lockName);
  if (cooling !== undefined && cooling.until < model.now) endCooling(model, lockName);
  endOverdueOf(model, () => model.leasesOf(lockName));
}

export function endOverdueOf(model: ModelState, leases: () => readonly Lease[]): void {
  for (;;) {
    const overdue = leases().filter((other) => !model.isLive(other, model.now));
    const lease = model.first(overdue.map((other) => ({ lease: other, deadline: other.deadline })))?.lease;
    if (lease === undefined) return;
    const { sessionId } = lease.holder;
    if (lease.deadline < model.now || sessionId === null) endLease(model, lease, 'expired');
    else expireSession(model, model.session(sessionId));
  }
}
