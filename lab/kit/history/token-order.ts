import { EXCLUSIVE, SHARED, type Hold } from '../../../src/core/model/demand.js';
import { goTogether } from '../law/go-together.js';
import { describeGrant, type Grant, type History, type Sighting } from './history.js';
import { holdRequested, tagOf, type Operation, type Tag } from './operation.js';
import type { Passage } from './outages.js';

/** What all operations on one lock say about one of its leases: the last one, if its id was granted again after its end. */
interface LeaseSummary {
  readonly tag: Tag;
  hold: Hold;
  token: number | null;
  requestedMs: number;
  /** When the first answer with its token had arrived. */
  acknowledgedMs: number;
  /** The earliest moment at which it may have ended. */
  endableFromMs: number;
  /** It has certainly ended when this moment is over. */
  endedByMs: number;
  /** Until when it may be granted again by a request that got no answer. */
  grantableUntilMs: number;
  /** When the last successful renewal or release was requested. */
  lastUsedMs: number;
}

/**
 * Checks a history of any length by its tokens alone, in O(n log n) as long as few leases hold a lock. Tokens are unique and
 * increase in real time, over all locks. A lease that holds a lock goes with those granted later: the others had been released
 * or could have expired, and are no longer renewed or released. A conflict overlaps with the lease that it names.
 * Returns a sentence for each violation.
 */
export function tokenOrderViolations(
  { byLock, grants, sightings, grantedLateByMs }: History,
  passage: Passage,
): string[] {
  const violations = [
    ...reuseViolations(grants),
    ...orderViolations(grants),
    ...sightingViolations(grants, sightings),
  ];
  for (const [lock, operations] of byLock) {
    const leases = summarize(operations, grantedLateByMs, passage);
    violations.push(...successionViolations(lock, leases), ...conflictViolations(lock, operations, leases));
  }
  return violations;
}

function reuseViolations(grants: readonly Grant[]): string[] {
  const violations: string[] = [];
  const owners = new Map<number, Grant>();
  for (const grant of grants) {
    const owner = owners.get(grant.token);
    if (owner !== undefined && owner.leaseId !== grant.leaseId)
      violations.push(`token ${grant.token} was given to ${owner.leaseId} and to ${grant.leaseId}`);
    owners.set(grant.token, grant);
  }
  return violations;
}

/** If a grant was acknowledged before another was requested, it has the lower token. */
function orderViolations(grants: readonly Grant[]): string[] {
  return withHighestBefore(grants, grants).flatMap(([grant, highest]) =>
    highest !== null && highest.token >= grant.token && highest.leaseId !== grant.leaseId
      ? [`${describeGrant(grant)} came after ${describeGrant(highest)} had been acknowledged`]
      : [],
  );
}

/** A free lock shows the highest token so far: at least every token acknowledged before, and less than every token requested later. */
function sightingViolations(grants: readonly Grant[], sightings: readonly Sighting[]): string[] {
  const tooLow = withHighestBefore(sightings, grants).flatMap(([{ token }, highest]) =>
    highest !== null && token < highest.token
      ? [`the highest token was said to be ${token} after ${highest.token} was given`]
      : [],
  );
  const tooHigh = withHighestBefore(grants, sightings).flatMap(([{ token, lockName }, highest]) =>
    highest !== null && token <= highest.token
      ? [`token ${token} of ${lockName} was given after ${highest.token} had been seen`]
      : [],
  );
  return [...tooLow, ...tooHigh];
}

interface Timed {
  readonly token: number;
  readonly callMs: number;
  readonly returnMs: number;
}

/** Each item with the one of `earlier` that has the highest token of those that had returned before it was called. */
function withHighestBefore<A extends Timed, B extends Timed>(
  items: readonly A[],
  earlier: readonly B[],
): [A, B | null][] {
  const returned = earlier.toSorted((a, b) => a.returnMs - b.returnMs).values();
  let next = returned.next();
  let highest: B | null = null;
  return items
    .toSorted((a, b) => a.callMs - b.callMs)
    .map((item) => {
      for (; next.done !== true && next.value.returnMs < item.callMs; next = returned.next())
        if (highest === null || next.value.token > highest.token) highest = next.value;
      return [item, highest];
    });
}

/** What is known about a grant before the first answer with its token. */
const UNACKNOWLEDGED = { acknowledgedMs: Infinity, endableFromMs: -Infinity, lastUsedMs: -Infinity };

function summarize(
  operations: readonly Operation[],
  grantedLateByMs: number,
  passage: Passage,
): Map<Tag, LeaseSummary> {
  const leases = new Map<Tag, LeaseSummary>();
  const of = (tag: Tag): LeaseSummary => {
    let lease = leases.get(tag);
    if (lease === undefined) {
      lease = {
        tag,
        hold: EXCLUSIVE,
        requestedMs: Infinity,
        endedByMs: Infinity,
        grantableUntilMs: -Infinity,
        token: null,
        ...UNACKNOWLEDGED,
      };
      leases.set(tag, lease);
    }
    return lease;
  };
  for (const operation of operations) {
    const tag = tagOf(operation.request);
    if (tag === null) continue;
    add(of(tag), operation, passage);
    if (operation.request.kind !== 'acquire' || operation.outcome.kind !== 'unknown') continue;
    of(tag).grantableUntilMs = Math.max(of(tag).grantableUntilMs, operation.callMs + grantedLateByMs);
  }
  // A renewal, a release or the end of a session that may have come earlier than the last good answer promises.
  for (const operation of operations) {
    const tag = tagOf(operation.request);
    if (tag !== null) endEarlier(of(tag), operation, passage);
    if (operation.request.kind === 'break') breakAll([...leases.values()], operation);
  }
  return leases;
}

function add(lease: LeaseSummary, { request, outcome, callMs, returnMs }: Operation, passage: Passage): void {
  if (request.kind === 'acquire') {
    lease.requestedMs = Math.min(lease.requestedMs, callMs);
    const hold = holdRequested(request, outcome.kind === 'granted' || outcome.kind === 'held' ? outcome : {});
    const isKnown =
      lease.hold.mode === 'counted' && lease.hold.slots.length > 0 && outcome.kind !== 'granted';
    if (!isKnown) lease.hold = hold;
    // It may have ended and been granted again, with a token that no client knows.
    if (outcome.kind === 'unknown') Object.assign(lease, UNACKNOWLEDGED, { token: null });
  }
  if (request.kind === 'convert') convert(lease, request.mode, { outcome, returnMs });
  if (outcome.kind === 'granted' || outcome.kind === 'renewed') {
    if (outcome.token !== lease.token) Object.assign(lease, UNACKNOWLEDGED, { token: outcome.token });
    lease.acknowledgedMs = Math.min(lease.acknowledgedMs, returnMs);
    if (request.kind === 'acquire' || request.kind === 'renew') {
      lease.endableFromMs = Math.max(lease.endableFromMs, passage.soonest(callMs, request.ttlMs));
    }
  }
  if (outcome.kind === 'renewed' || outcome.kind === 'released' || outcome.kind === 'converted')
    lease.lastUsedMs = Math.max(lease.lastUsedMs, callMs);
  if (outcome.kind === 'released') lease.endedByMs = Math.min(lease.endedByMs, returnMs);
}

/** Without an answer, the lease may have the token and the mode that it had, or others. The shared mode goes with more. */
function convert(
  lease: LeaseSummary,
  mode: 'exclusive' | 'shared',
  { outcome, returnMs }: Pick<Operation, 'outcome' | 'returnMs'>,
): void {
  if (outcome.kind === 'unknown') Object.assign(lease, UNACKNOWLEDGED, { token: null, hold: SHARED });
  if (outcome.kind !== 'converted') return;
  lease.hold = mode === 'shared' ? SHARED : EXCLUSIVE;
  if (outcome.token === lease.token) return;
  // The end of the lease stays as it was.
  lease.token = outcome.token;
  lease.acknowledgedMs = returnMs;
}

/** Ends the leases that may have held the lock. */
function breakAll(leases: readonly LeaseSummary[], { outcome, callMs, returnMs }: Operation): void {
  if (outcome.kind !== 'broken' && outcome.kind !== 'unknown') return;
  const latestMs = outcome.kind === 'unknown' ? outcome.noLaterThanMs : returnMs;
  for (const lease of leases.filter(({ requestedMs }) => requestedMs <= latestMs)) {
    lease.endableFromMs = Math.min(lease.endableFromMs, callMs);
    const isBroken =
      outcome.kind === 'broken' && lease.token !== null && outcome.tokens.includes(lease.token);
    if (isBroken) lease.endedByMs = Math.min(lease.endedByMs, returnMs);
  }
}

function endEarlier(lease: LeaseSummary, { request, outcome, callMs }: Operation, passage: Passage): void {
  const may = (ms: number): void => {
    lease.endableFromMs = Math.min(lease.endableFromMs, ms);
  };
  if (request.kind === 'acquire' && request.session !== null) may(request.session.earliestEnd(passage));
  if (outcome.kind !== 'unknown' && outcome.kind !== 'renewed' && outcome.kind !== 'released') return;
  if (request.kind === 'renew') may(passage.soonest(callMs, request.ttlMs));
  if (request.kind === 'release') may(callMs);
}

/** Compares each lease with those granted before it that were still in use when it was acknowledged. */
function successionViolations(lock: string, leases: ReadonlyMap<Tag, LeaseSummary>): string[] {
  const violations: string[] = [];
  const granted = [...leases.values()]
    .filter((lease): lease is GrantedLease => lease.token !== null)
    .toSorted((a, b) => a.token - b.token);
  const acknowledgedFrom = firstAcknowledgedFrom(granted);
  let earlier: GrantedLease[] = [];
  for (const [index, lease] of granted.entries()) {
    const held = earlier.filter((other) => other.endableFromMs > lease.acknowledgedMs);
    if (!goTogether([...held, lease].map(({ hold }) => hold)))
      violations.push(`${lock}: token ${lease.token} was given while ${named(held)} held the lock`);
    const used = earlier.filter((other) => other.lastUsedMs > lease.acknowledgedMs);
    if (!goTogether([...used, lease].map(({ hold }) => hold)))
      violations.push(`${lock}: ${named(used)} was used after token ${lease.token} was given`);
    earlier = [...earlier, lease].filter(
      ({ endableFromMs, lastUsedMs }) =>
        Math.max(endableFromMs, lastUsedMs) > (acknowledgedFrom[index + 1] ?? Infinity),
    );
  }
  return violations;
}

type GrantedLease = LeaseSummary & { readonly token: number };

/** For each place in the order of tokens, when the first of the leases from there on was acknowledged. */
function firstAcknowledgedFrom(granted: readonly GrantedLease[]): number[] {
  let first = Infinity;
  return granted
    .map(({ acknowledgedMs }) => acknowledgedMs)
    .toReversed()
    .map((acknowledgedMs) => (first = Math.min(first, acknowledgedMs)))
    .toReversed();
}

function named(leases: readonly GrantedLease[]): string {
  return leases.map(({ token }) => `token ${token}`).join(', ');
}

function conflictViolations(
  lock: string,
  operations: readonly Operation[],
  leases: ReadonlyMap<Tag, LeaseSummary>,
): string[] {
  return operations.flatMap(({ outcome, callMs, returnMs }) => {
    if (outcome.kind !== 'conflict') return [];
    const lease = leases.get(outcome.tag);
    if (lease === undefined) return [`${lock}: a conflict named ${outcome.tag}, which no one had asked for`];
    const isOver = lease.endedByMs < callMs && lease.grantableUntilMs <= lease.endedByMs;
    const overlaps = lease.requestedMs <= returnMs && !isOver;
    return overlaps ? [] : [`${lock}: a conflict named ${outcome.tag}, which did not hold it then`];
  });
}
