import { tokenViolations, type Grant } from './observations.js';
import type { History, Sighting } from './history.js';
import type { Operation, Tag } from './operation.js';

/** What all operations on one lock say about one of its leases: the last one, if the same was granted again after its end. */
interface LeaseSummary {
  readonly tag: Tag;
  token: number | null;
  askedMs: number;
  /** When the first answer with its token had come. */
  toldMs: number;
  /** The earliest moment at which it may have ended. */
  endableFromMs: number;
  /** It has certainly ended when this moment is over. */
  endedByMs: number;
  /** The last successful renewal or release was asked for at this moment. */
  lastUsedMs: number;
}

/**
 * Checks a history of any length by its tokens alone, in O(n log n): tokens are unique and grow in real time, over all locks;
 * between two leases of one lock the first was released or could expire; a lease whose successor was told of is neither
 * renewed nor released; and a conflict overlaps with the lease that it names. Returns a sentence for each violation.
 */
export function tokenOrderViolations({ byLock, grants, sightings }: History): string[] {
  const violations = [...tokenViolations(grants), ...sightingViolations(grants, sightings)];
  for (const [lock, operations] of byLock) {
    const leases = summarize(operations);
    violations.push(...successionViolations(lock, leases), ...conflictViolations(lock, operations, leases));
  }
  return violations;
}

/** A lock that is free shows the highest token so far: not less than what was told before, less than what is asked for later. */
function sightingViolations(grants: readonly Grant[], sightings: readonly Sighting[]): string[] {
  const violations: string[] = [];
  const byReturn = grants.toSorted((a, b) => a.returnMs - b.returnMs);
  let next = 0;
  let highest = 0;
  for (const { token, callMs } of sightings.toSorted((a, b) => a.callMs - b.callMs)) {
    for (let seen = byReturn[next]; seen !== undefined && seen.returnMs < callMs; seen = byReturn[next]) {
      highest = Math.max(highest, seen.token);
      next += 1;
    }
    if (token < highest)
      violations.push(`the highest token was said to be ${token} after ${highest} was given`);
  }
  const seenByReturn = sightings.toSorted((a, b) => a.returnMs - b.returnMs);
  next = 0;
  highest = 0;
  for (const grant of grants.toSorted((a, b) => a.callMs - b.callMs)) {
    for (
      let seen = seenByReturn[next];
      seen !== undefined && seen.returnMs < grant.callMs;
      seen = seenByReturn[next]
    ) {
      highest = Math.max(highest, seen.token);
      next += 1;
    }
    if (grant.token <= highest)
      violations.push(`token ${grant.token} of ${grant.lockName} was given after ${highest} had been seen`);
  }
  return violations;
}

/** What is known of a grant before the first answer with its token. */
const UNTOLD = { toldMs: Infinity, endableFromMs: -Infinity, lastUsedMs: -Infinity };

function summarize(operations: readonly Operation[]): Map<Tag, LeaseSummary> {
  const leases = new Map<Tag, LeaseSummary>();
  const of = (tag: Tag): LeaseSummary => {
    let lease = leases.get(tag);
    if (lease === undefined) {
      lease = { tag, askedMs: Infinity, endedByMs: Infinity, token: null, ...UNTOLD };
      leases.set(tag, lease);
    }
    return lease;
  };
  for (const operation of operations)
    if (operation.ask.kind !== 'status') add(of(operation.ask.tag), operation);
  // A renewal, a release or the end of a session that may have come earlier than the last good answer promises.
  for (const operation of operations)
    if (operation.ask.kind !== 'status') endEarlier(of(operation.ask.tag), operation);
  return leases;
}

function add(lease: LeaseSummary, { ask, told, callMs, returnMs }: Operation): void {
  if (ask.kind === 'acquire') {
    lease.askedMs = Math.min(lease.askedMs, callMs);
    // It may have ended and been granted again, with a token that nobody knows.
    if (told.kind === 'unknown') Object.assign(lease, UNTOLD, { token: null });
  }
  if (told.kind === 'granted' || told.kind === 'renewed') {
    if (told.token !== lease.token) Object.assign(lease, UNTOLD, { token: told.token });
    lease.toldMs = Math.min(lease.toldMs, returnMs);
    if (ask.kind === 'acquire' || ask.kind === 'renew') {
      lease.endableFromMs = Math.max(lease.endableFromMs, callMs + ask.ttlMs);
    }
  }
  if (told.kind === 'renewed' || told.kind === 'released')
    lease.lastUsedMs = Math.max(lease.lastUsedMs, callMs);
  if (told.kind === 'released') lease.endedByMs = Math.min(lease.endedByMs, returnMs);
}

function endEarlier(lease: LeaseSummary, { ask, told, callMs }: Operation): void {
  const may = (ms: number): void => {
    lease.endableFromMs = Math.min(lease.endableFromMs, ms);
  };
  if (ask.kind === 'acquire' && ask.session !== null) may(ask.session.endableFromMs);
  if (told.kind !== 'unknown' && told.kind !== 'renewed' && told.kind !== 'released') return;
  if (ask.kind === 'renew') may(callMs + ask.ttlMs);
  if (ask.kind === 'release') may(callMs);
}

function successionViolations(lock: string, leases: ReadonlyMap<Tag, LeaseSummary>): string[] {
  const violations: string[] = [];
  const inOrder = [...leases.values()]
    .filter(({ token }) => token !== null)
    .toSorted((a, b) => (a.token ?? 0) - (b.token ?? 0));
  for (const [index, lease] of inOrder.entries()) {
    const successor = inOrder[index + 1];
    if (successor === undefined) break;
    if (lease.endableFromMs > successor.toldMs + 3) {
      violations.push(`${lock}: token ${successor.token} was given while token ${lease.token} held the lock`);
    }
    if (lease.lastUsedMs > successor.toldMs) {
      violations.push(`${lock}: token ${lease.token} was used after token ${successor.token} was given`);
    }
  }
  return violations;
}

function conflictViolations(
  lock: string,
  operations: readonly Operation[],
  leases: ReadonlyMap<Tag, LeaseSummary>,
): string[] {
  return operations.flatMap(({ told, callMs, returnMs }) => {
    if (told.kind !== 'conflict') return [];
    const lease = leases.get(told.tag);
    const overlaps = lease !== undefined && lease.askedMs <= returnMs && lease.endedByMs >= callMs;
    return overlaps ? [] : [`${lock}: a conflict named ${told.tag}, which did not hold it then`];
  });
}
