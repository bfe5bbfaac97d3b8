import type { Fields } from './fields.js';
import type {
  HeldLock,
  Lease,
  LeaseFacts,
  LeaseLock,
  LockAvailable,
  LockHeld,
  LockHold,
  LockHolder,
  LockMode,
  LockStatus,
  Queue,
  QueuePlace,
  ReleaseRequest,
  WholeLease,
} from './lock-types.js';
import { oneOf } from './one-of.js';

/** Each function reads one kind of object from the server, and throws `TypeError` if it is not that. */

export function readLease(fields: Fields): Lease {
  const locks = fields.has('locks') ? { locks: fields.objects('locks').map(readLeaseLock) } : {};
  return { ...readLeaseLock(fields), ...readLeaseFacts(fields), ...locks };
}

export function readWholeLease(fields: Fields): WholeLease {
  return {
    ...readLeaseFacts(fields),
    locks: fields.objects('locks').map(readLeaseLock),
    sessionId: fields.optionalText('session_id'),
  };
}

export function readHeldLock(fields: Fields): HeldLock {
  return { ...readLeaseLock(fields), ...readHolder(fields), status: 'held' };
}

export function readLockStatus(fields: Fields): LockStatus {
  const status = oneOf(fields.text('status'), ['available', 'delayed', 'held'] as const);
  if (status === 'held') return readLockHeld(fields);
  const free = readFreeLock(fields);
  if (status === 'available') return { status, ...free };
  return { status, ...free, availableAt: fields.date('available_at') };
}

function readFreeLock(fields: Fields): Omit<LockAvailable, 'status'> {
  return {
    name: fields.text('name'),
    message: fields.text('message'),
    fencingToken: fields.number('fencing_token'),
    waiters: fields.number('waiters'),
  };
}

export function readQueue(fields: Fields): Queue {
  return {
    name: fields.text('name'),
    waiters: fields.number('waiters'),
    total: fields.number('total'),
    queue: fields.objects('queue').map(readQueuePlace),
  };
}

/** Servers of version 1.0 have only exclusive locks, and show no other holders. */
function readLockHeld(fields: Fields): LockHeld {
  const permitsInUse = fields.optionalNumber('permits_in_use');
  return {
    ...readHeldLock(fields),
    waiters: fields.number('waiters'),
    holderCount: fields.optionalNumber('holder_count') ?? 1,
    ...(permitsInUse === undefined ? {} : { permitsInUse }),
    holders: fields.has('holders') ? fields.objects('holders').map(readLockHolder) : [readHolder(fields)],
  };
}

function readQueuePlace(fields: Fields): QueuePlace {
  return {
    position: fields.number('position'),
    holder: fields.text('holder'),
    holderId: fields.text('holder_id'),
    since: fields.date('since'),
    ...readHold(fields),
    asking: fields.flag('asking'),
    leaseId: fields.textOrNull('lease_id'),
  };
}

function readLockHolder(fields: Fields): LockHolder {
  return { ...readHolder(fields), ...readSlots(fields) };
}

function readHolder(fields: Fields): LockHolder {
  return { ...readGrant(fields), leaseId: fields.textOrNull('lease_id') };
}

function readLeaseFacts(fields: Fields): LeaseFacts {
  const status = oneOf(fields.text('status'), ['acquired', 'held'] as const);
  const proof = fields.has('proof') ? { proof: fields.text('proof') } : {};
  const more = { ...proof, ...readRequested(fields) };
  return { ...readGrant(fields), status, leaseId: fields.text('lease_id'), ...more };
}

function readRequested(fields: Fields): Pick<LeaseFacts, 'releaseRequested'> {
  const request = fields.optionalObject('release_requested');
  return request === undefined ? {} : { releaseRequested: readReleaseRequest(request) };
}

export function readReleaseRequest(fields: Fields): ReleaseRequest {
  return { by: fields.text('by'), message: fields.textOrNull('message'), at: fields.date('at') };
}

function readGrant(fields: Fields): Omit<LeaseFacts, 'status' | 'leaseId' | 'proof' | 'releaseRequested'> {
  return {
    fencingToken: fields.number('fencing_token'),
    expiresAt: fields.date('expires_at'),
    holder: fields.text('holder'),
    holderId: fields.text('holder_id'),
    metadata: fields.textOrNull('metadata'),
  };
}

function readLeaseLock(fields: Fields): LeaseLock {
  return { name: fields.text('name'), ...readHold(fields) };
}

/** How a lock is held or wanted, as far as it is shown. Servers of version 1.0 have only exclusive locks, and show no mode. */
export function readHold(fields: Fields): LockHold {
  const [limit, permits] = [fields.optionalNumber('limit'), fields.optionalNumber('permits')];
  return {
    mode: oneOf<LockMode>(fields.optionalText('mode') ?? 'exclusive', ['exclusive', 'shared', 'counted']),
    ...(limit === undefined ? {} : { limit }),
    ...(permits === undefined ? {} : { permits }),
    ...readSlots(fields),
  };
}

function readSlots(fields: Fields): Pick<LockHold, 'slots'> {
  return fields.has('slots') ? { slots: fields.numbers('slots') } : {};
}
