import type { HeldLock, Lease, LockHeld, LockHolder, LockHold, LockStatus, Queue } from '@octostore/client';
import { fields, table } from '../../shared/output.js';

/** A lease or the status of a lock, for people. */
export function describe(lock: Lease | LockStatus): string {
  if (lock.status === 'available' || lock.status === 'delayed') return describeFree(lock);
  if (!('holders' in lock)) return describeLease(lock);
  return lock.holderCount === 1 ? describeLease(lock) : describeHolders(lock);
}

/** Locks that are held, each with one of its leases. */
export function locksTable(locks: readonly HeldLock[]): string {
  const rows = locks.map((lock) => [
    lock.name,
    modeOf(lock),
    lock.holder,
    lock.fencingToken,
    lock.expiresAt,
    lock.metadata,
  ]);
  return table(['lock', 'mode', 'holder', 'fencing token', 'expires at', 'metadata'], rows);
}

/** The line of a lock. */
export function describeQueue({ name, waiters, total, queue }: Queue): string {
  const summary = fields({ lock: name, waiters, places: total });
  if (queue.length === 0) return summary;
  const rows = queue.map((place) => [
    place.position,
    modeOf(place),
    place.holder,
    place.since,
    place.asking ? 'yes' : 'no',
    place.leaseId,
  ]);
  return `${summary}\n\n${table(['place', 'mode', 'waiting user', 'since', 'asking', 'lease id'], rows)}`;
}

function describeFree(lock: Exclude<LockStatus, { status: 'held' }>): string {
  const { name, status, waiters, fencingToken } = lock;
  const availableAt = status === 'delayed' ? lock.availableAt : undefined;
  return fields({
    lock: name,
    status,
    'available at': availableAt,
    waiters,
    'last fencing token': fencingToken,
  });
}

function describeLease(lock: Lease | LockHeld): string {
  return fields({
    lock: lock.name,
    status: lock.status,
    mode: modeOf(lock),
    holder: lock.holder,
    'expires at': lock.expiresAt,
    'fencing token': lock.fencingToken,
    'lease id': lock.leaseId ?? undefined,
    'release requested': requestOf(lock),
    'all locks': 'locks' in lock ? lock.locks?.map(({ name }) => name).join(', ') : undefined,
    metadata: lock.metadata,
    proof: 'proof' in lock ? lock.proof : undefined,
    waiters: 'waiters' in lock ? lock.waiters : undefined,
  });
}

/** Such as `by bob: deploying`. */
function requestOf(lock: Lease | LockHeld): string | undefined {
  if (!('releaseRequested' in lock) || lock.releaseRequested === undefined) return undefined;
  const { by, message } = lock.releaseRequested;
  return message === null ? `by ${by}` : `by ${by}: ${message}`;
}

function describeHolders(lock: LockHeld): string {
  const { name, status, mode, limit, permitsInUse, holderCount, holders, waiters } = lock;
  const permits = mode === 'counted' ? `${permitsInUse ?? '-'} of ${limit ?? '-'}` : undefined;
  const summary = fields({ lock: name, status, mode, permits, holders: holderCount, waiters });
  return `${summary}\n\n${table(['holder', 'slots', 'expires at', 'fencing token', 'lease id', 'metadata'], holders.map(holderRow))}`;
}

function holderRow({ holder, slots, expiresAt, fencingToken, leaseId, metadata }: LockHolder) {
  return [holder, slots?.join(','), expiresAt, fencingToken, leaseId, metadata];
}

/** Such as `shared`, or `counted, slots 0,1 of 4`. Places in line have permits, but no slots yet. */
function modeOf({ mode, limit, permits, slots }: LockHold): string {
  if (mode !== 'counted') return mode;
  const what =
    slots === undefined ? `${permits ?? '-'}` : `${slots.length === 1 ? 'slot' : 'slots'} ${slots.join(',')}`;
  return `counted, ${what} of ${limit ?? '-'}`;
}
