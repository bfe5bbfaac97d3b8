import type { AcquireRequest, Break } from '../../../src/core/model/command.js';
import type { FenceName } from '../../../src/core/model/fence.js';
import { NOTHING_SEEN } from '../../../src/core/model/fence.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import { OctoStoreError } from '../../../src/errors/octostore-error.js';
import type { LockStore } from '../../../src/store/lock-store.js';
import { sessionId } from './names.js';
import type { Answer, FenceStatus, Operation, Request, Status } from './request.js';

/** Learns what requests read. */
interface ReadCheck {
  reads(operation: Operation, status: Status | FenceStatus): void;
}

/** Does what a request asks for. */
export function carryOut(store: LockStore, operation: Operation, checks: ReadCheck): Promise<Answer> {
  const { request } = operation;
  switch (request.kind) {
    case 'acquire':
      return store.acquire(acquireRequest(request, operation), request.waitSeconds, operation.gone);
    case 'status':
      return readStatus(store, request.lockName, operation, checks);
    case 'fence':
      return readFence(store, request.name, operation, checks);
    case 'break':
      return store.execute(breakCommand(store, request));
    case 'open_session':
      return store.execute({
        ...request,
        sessionId: sessionId(`session-${operation.id}`),
        madeWith: null,
      });
    default:
      return store.execute(request);
  }
}

/** The answer for an error that clients receive. Any other error is a bug in the program. */
export function refusal(error: unknown): Answer {
  if (error instanceof OctoStoreError) return { kind: 'refused', code: error.code };
  throw error;
}

function readStatus(
  store: LockStore,
  lockName: LockName,
  operation: Operation,
  checks: ReadCheck,
): Promise<Answer> {
  return store.read((state, now) => {
    const lease = state.firstLiveLease(lockName, now);
    const availableAt = state.availableAt(lockName, now);
    const { lastFencingToken } = state;
    const status: Status = { kind: 'status', lease, availableAt, lastFencingToken };
    checks.reads(operation, status);
    return status;
  });
}

function readFence(
  store: LockStore,
  name: FenceName,
  operation: Operation,
  checks: ReadCheck,
): Promise<Answer> {
  return store.read((state) => {
    const highest = state.fence(name)?.highest ?? NOTHING_SEEN;
    const status: FenceStatus = { kind: 'fence', highest };
    checks.reads(operation, status);
    return status;
  });
}

function acquireRequest(
  request: Extract<Request, { kind: 'acquire' }>,
  { leaseId }: Operation,
): AcquireRequest {
  const { wants, userId, ttlSeconds, cooling } = request;
  return {
    wants,
    holder: { userId, sessionId: request.sessionId },
    leaseId,
    leaseIdChosen: request.leaseId !== null,
    ttlSeconds,
    metadata: null,
    cooling,
  };
}

/** All leases means those that were granted before the request arrived. */
function breakCommand(store: LockStore, { token, ...request }: Extract<Request, { kind: 'break' }>): Break {
  if (token !== null) return { ...request, which: 'only', fencingToken: token };
  return { ...request, which: 'through', fencingToken: store.counts.lastFencingToken };
}
