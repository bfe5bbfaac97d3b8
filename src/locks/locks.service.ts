import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { assertMay } from '../access/assert-may.js';
import { may } from '../access/may.js';
import { Accounts } from '../auth/accounts.js';
import type { Caller } from '../auth/caller.js';
import type { AcquireRequest } from '../core/model/command.js';
import type { LeaseId, SessionId } from '../core/model/ids.js';
import { WAIT_SECONDS } from '../core/model/limits.js';
import type { LockName } from '../core/model/lock-name.js';
import type { TooManyLocks, TooManyWaiters } from '../core/model/outcome.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { ClientGone } from '../http/connections/client-gone.decorator.js';
import { LockStore } from '../store/lock-store.js';
import type { WaitAnswer } from '../store/wait/waiting-clients.js';
import type { AcquireLockRequest } from './dto/acquire.dto.js';
import type { ReleaseLockRequest, RenewLockRequest } from './dto/lease.dto.js';
import { PAGE_SIZE, type ListLocksQuery } from './dto/list-locks.dto.js';
import type {
  LockList,
  LockHeld,
  LockNotHeld,
  LockResponse,
  ReleaseResponse,
} from './dto/lock-responses.dto.js';
import { decodeCursor, encodeCursor } from './list-cursor.js';
import { LockPresenter } from './lock-presenter.js';

/** How long to wait before a retry if a limit of the server has been reached. */
const LIMIT_RETRY_AFTER_MS = 1000;

/** Translates between the API and the store: requests into commands, and outcomes into responses. */
@Injectable()
export class LocksService {
  constructor(
    private readonly store: LockStore,
    private readonly present: LockPresenter,
    private readonly accounts: Accounts,
  ) {}

  async acquire(
    lockName: LockName,
    body: AcquireLockRequest,
    caller: Caller,
    clientGone: ClientGone,
  ): Promise<LockResponse> {
    assertEphemeral(body);
    const request: AcquireRequest = {
      lockName,
      holder: {
        userId: caller.userId,
        sessionId: (body.session_id?.toLowerCase() ?? null) as SessionId | null,
      },
      leaseId: (body.lease_id?.toLowerCase() ?? randomUUID()) as LeaseId,
      leaseIdChosen: typeof body.lease_id === 'string',
      ttlSeconds: body.ttl_seconds,
      metadata: body.metadata ?? null,
    };
    assertMay(caller, 'acquire', request);
    const waitSeconds = body.wait_seconds ?? WAIT_SECONDS.default;
    const answer =
      waitSeconds > 0
        ? await this.#acquireAfterWait(request, waitSeconds, caller, clientGone())
        : await this.store.acquire(request, 0);
    return this.#answer(answer);
  }

  async release(lockName: LockName, body: ReleaseLockRequest, { userId }: Caller): Promise<ReleaseResponse> {
    const leaseId = body.lease_id.toLowerCase() as LeaseId;
    const outcome = await this.store.execute({ kind: 'release', lockName, userId, leaseId });
    if (outcome.kind === 'lock_not_found') throw new OctoStoreError('lock_not_found');
    return { status: 'released', message: 'Lock released' };
  }

  async renew(lockName: LockName, body: RenewLockRequest, caller: Caller): Promise<LockResponse> {
    const { userId } = caller;
    const leaseId = body.lease_id.toLowerCase() as LeaseId;
    const command = { kind: 'renew', lockName, userId, leaseId, ttlSeconds: body.ttl_seconds } as const;
    assertMay(caller, 'acquire', command);
    const outcome = await this.store.execute(command);
    if (outcome.kind !== 'renewed') throw new OctoStoreError(outcome.kind);
    return this.present.toHolder(outcome.lease, 'held');
  }

  status(lockName: LockName, caller: Caller): Promise<LockHeld | LockNotHeld> {
    return this.store.read((state, now) => this.present.status(lockName, state, now, caller));
  }

  list({ prefix, owner, limit, cursor }: ListLocksQuery, caller: Caller): Promise<LockList> {
    const pageSize = limit ?? PAGE_SIZE.default;
    const after = cursor === undefined ? null : decodeCursor(cursor);
    return this.store.read((state, now) => {
      const leases =
        owner === 'me'
          ? state.liveLeasesOfUser(caller.userId, prefix ?? '', after, now)
          : state.liveLeases(prefix ?? '', after, now);
      const page = [];
      let next_cursor: string | null = null;
      for (const lease of leases) {
        if (page.length === pageSize) {
          next_cursor = encodeCursor(page.at(-1)?.name ?? '');
          break;
        }
        if (may(caller, 'observe', lease)) page.push(this.present.listed(lease, caller));
      }
      return { locks: page, total: page.length, prefix: prefix ?? null, next_cursor };
    });
  }

  /**
   * Waits in line for the lock. The wait also ends if the token ends, because the caller could then neither renew nor release
   * the lease.
   */
  async #acquireAfterWait(
    request: AcquireRequest,
    waitSeconds: number,
    { tokenHash }: Caller,
    gone: AbortController,
  ): Promise<WaitAnswer> {
    const stopListening = this.accounts.onTokenEnd(tokenHash, () => gone.abort());
    try {
      const answer = await this.store.acquire(request, waitSeconds, gone.signal);
      const isRefused = answer.kind === 'abandoned' && this.accounts.callerWith(tokenHash) === null;
      if (isRefused) throw new OctoStoreError('unauthorized');
      return answer;
    } finally {
      stopListening();
    }
  }

  #answer(answer: WaitAnswer): LockResponse {
    switch (answer.kind) {
      case 'acquired':
        return this.present.toHolder(answer.lease, 'acquired');
      case 'already_held':
        return this.present.alreadyHeld(answer.lease);
      case 'conflict':
        throw this.present.conflict(answer);
      case 'lock_limit_exceeded':
        throw new OctoStoreError('lock_limit_exceeded', { details: `The limit is ${answer.limit} locks.` });
      case 'too_many_locks':
      case 'too_many_waiters':
        throw overLimit(answer);
      case 'numbers_exhausted':
      case 'session_not_found':
      case 'session_expired':
        throw new OctoStoreError(answer.kind);
      case 'abandoned':
        // Usually no one receives this response, because the connection has closed.
        throw new OctoStoreError('request_timeout', {
          details: 'You closed your half of the connection, so the wait ended. Keep it open while you wait.',
        });
      default:
        return unreachable(answer);
    }
  }
}

/** Throws `validation_failed` if `ephemeral` contradicts the presence of a session. */
function assertEphemeral({ ephemeral, session_id }: AcquireLockRequest): void {
  if (typeof ephemeral !== 'boolean' || ephemeral === (typeof session_id === 'string')) return;
  const details = ephemeral
    ? 'ephemeral is true, but there is no session_id. Add a session_id, or leave ephemeral out.'
    : 'ephemeral is false, but a lease with a session_id always ends with its session. Leave ephemeral out.';
  throw new OctoStoreError('validation_failed', { details });
}

/** The error for a limit that other users may have reached, or that may soon have room again. */
function overLimit(refusal: TooManyLocks | TooManyWaiters): OctoStoreError {
  return new OctoStoreError(refusal.kind, {
    details: detailsOf(refusal),
    retryAfterMs: LIMIT_RETRY_AFTER_MS,
  });
}

function detailsOf(refusal: TooManyLocks | TooManyWaiters): string {
  if (refusal.kind === 'too_many_locks') return `The limit for all users together is ${refusal.limit} locks.`;
  if (refusal.of === 'user') return `The limit per user is ${refusal.limit} waiting requests.`;
  return `The limit for all users together is ${refusal.limit} waiting requests.`;
}

function unreachable(answer: never): never {
  throw new Error(`unexpected answer: ${JSON.stringify(answer)}`);
}
