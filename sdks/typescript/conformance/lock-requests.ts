import type { HoldAllOptions, LeaseOptions, LockHandle } from '../src/index.js';
import type { Given, Request } from './given.js';
import type { Json } from './protocol.js';
import { clients, handles, sessions } from './things.js';

/** The requests about locks, lock handles and lines. */
export const LOCK_REQUESTS: Readonly<Record<string, Request>> = {
  acquire: (given) =>
    clients.get(given.client).acquire(given.name, { ...demandOf(given), ...leaseOptionsOf(given) }),
  acquire_all: (given) => clients.get(given.client).acquireAll(given.locks, leaseOptionsOf(given)),
  renew: ({ client, name, lease_id, ttl_seconds }) => clients.get(client).renew(name, lease_id, ttl_seconds),
  release: ({ client, name, lease_id }) => clients.get(client).release(name, lease_id),
  hold: async (given, emit) => {
    const options = { ...demandOf(given), ...holdOptionsOf(given) };
    return put(given.as, await clients.get(given.client).hold(given.name, options), emit);
  },
  hold_all: async (given, emit) =>
    put(given.as, await clients.get(given.client).holdAll(given.locks, holdOptionsOf(given)), emit),
  handle: ({ handle }) => {
    const { leaseId, fencingToken, name, remainingMs, isLost, locks, proof, releaseRequested } =
      handles.get(handle);
    return { leaseId, fencingToken, name, remainingMs, isLost, locks, proof, releaseRequested };
  },
  convert: async ({ handle, mode = 'exclusive', name }) => {
    const lock = handles.get(handle);
    await lock.convert(mode, name);
    return factsOf(lock);
  },
  break: ({ client, name, reason, fencing_token }) =>
    clients.get(client).breakLock(name, { reason, fencingToken: fencing_token }),
  request_release: ({ client, name, message }) => clients.get(client).requestRelease(name, { message }),
  queue: ({ client, name }) => clients.get(client).queue(name),
  leave_queue: ({ client, name, lease_id }) => clients.get(client).leaveQueue(name, lease_id),
};

function demandOf({ mode, limit, permits }: Given): Pick<Given, 'mode' | 'limit' | 'permits'> {
  return { mode, limit, permits };
}

function leaseOptionsOf(given: Given): LeaseOptions {
  return { ...sharedOptionsOf(given), leaseId: given.lease_id, sessionId: given.session_id };
}

function holdOptionsOf(given: Given): HoldAllOptions {
  const { session } = given;
  return {
    ...sharedOptionsOf(given),
    session: session === undefined ? undefined : sessions.get(session),
  };
}

function sharedOptionsOf(given: Given): Omit<LeaseOptions, 'leaseId' | 'sessionId'> {
  return {
    ttlSeconds: given.ttl_seconds,
    waitSeconds: given.wait_seconds,
    waitSliceSeconds: given.wait_slice_seconds,
    metadata: given.metadata,
    proof: given.proof,
    lockDelaySeconds: given.lock_delay_seconds,
    minHoldSeconds: given.min_hold_seconds,
  };
}

/** Names a handle, and reports the requests to release its locks. */
function put(as: string, lock: LockHandle, emit: (event: Json) => void): object {
  lock.onReleaseRequested(({ by, message }) => emit({ event: 'release_requested', of: as, by, message }));
  return factsOf(handles.put(as, lock));
}

function factsOf({ leaseId, fencingToken, locks }: LockHandle): object {
  return { leaseId, fencingToken, locks };
}
