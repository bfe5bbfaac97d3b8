import type { Want } from '../../../src/core/model/demand.js';
import type { AcquireRequest } from '../../../src/core/model/command.js';
import type { Lease } from '../../../src/core/model/lease.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type {
  Conflict,
  Keeper,
  LinePosition,
  Obstacle,
  QueuedObstacle,
} from '../../../src/core/model/outcome.js';
import { fitsBeside } from './go-together.js';
import { instant, isAsking, type ModelState, type ModelTicket } from './model-state.js';

/** A newcomer has come after all who are in line. */
const NEWCOMER = Infinity;

/** Whether the lock does not cool, has room for the demand, and no one who came before asks for it. */
export function isAvailable(model: ModelState, { lockName, demand }: Want, arrival = NEWCOMER): boolean {
  const before = model.askingFor(lockName).filter((ticket) => ticket.arrival < arrival);
  if (model.coolingOf(lockName) !== undefined) return false;
  return before.length === 0 && fitsBeside(model.holdsOf(lockName), demand);
}

/** The answer to a newcomer that cannot have all its locks. */
export function conflictOfNewcomer(model: ModelState, request: AcquireRequest): Conflict {
  return conflict(model, request, NEWCOMER);
}

/** The answer to a request in line, or that was in line before this. The line is as it is after the answer. */
export function conflictInLine(model: ModelState, { request, arrival }: ModelTicket): Conflict {
  const found = conflict(model, request, arrival);
  return { ...found, place: placeOf(model, found.lockName, arrival) };
}

function conflict(model: ModelState, request: AcquireRequest, arrival: number): Conflict {
  const want = request.wants.find((other) => !isAvailable(model, other, arrival));
  // Without one, the request would be granted, if only the hand-over of its locks had come to an end.
  const obstacle = want === undefined ? untilNow(model) : obstacleTo(model, want);
  const { lockName } = want ?? request.wants[0];
  const retryAfterMs = Math.max(0, endOf(model, obstacle) - model.now);
  return { kind: 'conflict', lockName, obstacle, retryAfterMs, place: null };
}

function obstacleTo(model: ModelState, { lockName, demand }: Want): Obstacle {
  const [lease] = model.leasesOf(lockName);
  const holds = model.holdsOf(lockName);
  const [first] = model.askingFor(lockName);
  const by = keeperOf(model, { lockName, demand });
  if (demand.mode !== 'counted') return by;
  const demandInLine = first?.request.wants.find((want) => want.lockName === lockName)?.demand;
  const ruling = lease === undefined ? demandInLine : holds[0];
  if (ruling?.mode !== 'counted' || ruling.limit === demand.limit) return by;
  return { kind: 'limit_mismatch', limit: ruling.limit, by };
}

function keeperOf(model: ModelState, { lockName, demand }: Want): Keeper {
  const cooling = model.coolingOf(lockName);
  if (cooling !== undefined) return { kind: 'delayed', until: cooling.until };
  const [lease] = model.leasesOf(lockName);
  if (lease !== undefined && !fitsBeside(model.holdsOf(lockName), demand)) return { kind: 'held', lease };
  return { kind: 'queued', until: instant(model.askingFor(lockName)[0]?.deadline ?? model.now) };
}

function untilNow({ now }: ModelState): QueuedObstacle {
  return { kind: 'queued', until: instant(now) };
}

function endOf(model: ModelState, obstacle: Obstacle): number {
  switch (obstacle.kind) {
    case 'held':
      return endOfLease(model, obstacle.lease);
    case 'queued':
    case 'delayed':
      return obstacle.until;
    default:
      return endOf(model, obstacle.by);
  }
}

export function endOfLease({ sessions }: ModelState, { deadline, holder }: Lease): number {
  const session = sessions.find(({ sessionId }) => sessionId === holder.sessionId);
  return Math.min(deadline, session?.deadline ?? Infinity);
}

function placeOf(model: ModelState, lockName: LockName, arrival: number): LinePosition {
  const asking = model.askingFor(lockName).filter(isAsking);
  const before = asking.filter((ticket) => ticket.arrival < arrival);
  return { position: 1 + before.length, waiters: asking.length };
}
