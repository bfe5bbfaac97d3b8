import type { Acquire, AcquireRequest } from '../model/command.js';
import type { LeaseBroken, OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { askAgain } from './ask-again.js';
import { whyBroken } from './broken.js';
import { conflictOfRequest } from './conflict.js';
import { currentLock } from './expiry.js';
import { isAvailable } from './fit.js';
import { grant } from './grant.js';
import { joinLine } from './join-line.js';
import { ownSession } from './ownership.js';
import { repeatOf } from './repeat.js';

export function acquire(transition: Transition, { request, wait }: Acquire): OutcomeOf<Acquire> {
  const { sessionId, userId } = request.holder;
  if (sessionId !== null) {
    const session = ownSession(transition, sessionId, userId);
    if (session.kind !== 'alive') return session;
  }
  const broken = brokenLeaseOf(transition, request);
  if (broken === null && isUntouched(transition, request)) return grant(transition, request);
  endOverdueLeases(transition, request);
  const repeat = repeatOf(transition, request);
  if (repeat?.kind === 'asks_again') return askAgain(transition, repeat.ticket, request, wait);
  if (repeat !== null) return repeat;
  if (broken !== null) return broken;
  if (isAvailable(transition, request)) return grant(transition, request);
  return wait === null ? conflictOfRequest(transition, request) : joinLine(transition, request, wait);
}

/** A client that repeats the request for a lease that was broken must learn of it, and not get another lease. */
function brokenLeaseOf(transition: Transition, request: AcquireRequest): LeaseBroken | null {
  const { leaseIdChosen, holder, leaseId, wants } = request;
  if (!leaseIdChosen || !transition.state.hasBrokenLeases) return null;
  return whyBroken(
    transition,
    holder.userId,
    leaseId,
    wants.map(({ lockName }) => lockName),
  );
}

/** Whether no one holds any of the locks or waits for it. That is the usual case, and the shortest way to a grant. */
function isUntouched({ state }: Transition, { wants }: AcquireRequest): boolean {
  return wants.every(({ lockName }) => state.lock(lockName) === null);
}

/** The locks go to those in line before they go to a new request. */
function endOverdueLeases(transition: Transition, { wants }: AcquireRequest): void {
  for (const { lockName } of wants) currentLock(transition, lockName);
}
