import type { BrokenLease } from '#server/core/model/broken-lease.js';
import type { Hold } from '#server/core/model/demand.js';
import type { UserId } from '#server/core/model/ids.js';
import { holdOn, lockCountOf, locksOf, type Lease } from '#server/core/model/lease.js';
import type { LockName } from '#server/core/model/lock-name.js';
import type {
  AcquireAnswer,
  Conflict,
  Keeper,
  NotYours,
  Obstacle,
  Renewed,
} from '#server/core/model/outcome.js';
import type { Session } from '#server/core/model/session.js';
import type { Instant } from '#server/core/model/time.js';
import type { Holding, QueuedPlace } from '#server/core/state/state-view.js';
import type { ErrorCode } from '#server/errors/error-table.js';
import type { Law } from './law.js';
import { Refusal } from './refusal.js';

/** How many holders of a lock, and how many places of a line, are shown. */
export const SHOWN_MAX = 100;

type Fields = Readonly<Record<string, unknown>>;
type LeaseStatus = 'acquired' | 'held';

/** Shows outcomes as the server does. The id of a user is its login. */
export class Presenter {
  readonly #law: Law;

  constructor(law: Law) {
    this.#law = law;
  }

  /** The lease as the response to a request about one lock. */
  lease(name: LockName, lease: Lease, status: LeaseStatus): Fields {
    return {
      ...this.#leaseAlone(lease, status),
      ...this.#holding({ lockName: name, lease, hold: holdOn(lease, name) }),
      ...(lockCountOf(lease) === 1 ? {} : { locks: presentLocks(lease) }),
    };
  }

  /** The lease with all its locks. */
  wholeLease(lease: Lease, status: LeaseStatus): Fields {
    const { sessionId } = lease.holder;
    return {
      ...this.#leaseAlone(lease, status),
      ...this.#fieldsOf(lease),
      ...(sessionId === null ? {} : { session_id: sessionId }),
      locks: presentLocks(lease),
    };
  }

  releaseRequest({ releaseRequest }: Renewed): Fields {
    if (releaseRequest === null) return {};
    const { requestedBy, message, at } = releaseRequest;
    return { release_requested: { by: requestedBy, message, at: this.time(at) } };
  }

  status(name: LockName, viewer: UserId): Fields {
    const { state, now } = this.#law;
    const { holders, count, permitsInUse } = state.holders(name, now, SHOWN_MAX);
    const waiters = state.queueLength(name);
    const [first] = holders;
    if (first === undefined) return this.#notHeld(name, waiters);
    return {
      status: 'held',
      lease_id: isOf(first.lease, viewer) ? first.lease.leaseId : null,
      ...this.#holding(first),
      waiters,
      holder_count: count,
      ...(first.hold.mode === 'counted' ? { permits_in_use: permitsInUse } : {}),
      holders: holders.map((holding) => this.#holder(holding, viewer)),
    };
  }

  listed(holding: Holding, viewer: UserId): Fields {
    return { status: 'held', ...this.#holding(holding), ...ownLeaseId(holding.lease, viewer) };
  }

  place({ position, holder, since, demand, isAsking, leaseId }: QueuedPlace, viewer: UserId): Fields {
    return {
      position,
      holder: holder.userId,
      holder_id: holder.userId,
      since: this.time(since),
      ...demand,
      asking: isAsking,
      lease_id: holder.userId === viewer ? leaseId : null,
    };
  }

  session({ sessionId, deadline }: Session): Fields {
    return { session_id: sessionId, expires_at: this.time(deadline) };
  }

  /** Why an acquire was not granted. */
  refused(answer: Exclude<AcquireAnswer, { readonly kind: 'acquired' | 'already_held' }>): Refusal {
    if (answer.kind === 'conflict') return this.conflict(answer);
    return answer.kind === 'lease_broken' ? this.broken(answer.broken) : new Refusal(answer.kind);
  }

  conflict({ lockName, obstacle, retryAfterMs, place }: Conflict): Refusal {
    const by = obstacle.kind === 'limit_mismatch' ? obstacle.by : obstacle;
    const blocker = this.#blocker(by);
    const { holder, expires_at } = blocker;
    return new Refusal(codeOf(obstacle), {
      body: {
        lock: { name: lockName, holder, expires_at },
        status: by.kind,
        ...blocker,
        holder: undefined,
        retry_after_ms: retryAfterMs,
        ...(obstacle.kind === 'limit_mismatch' ? { limit: obstacle.limit } : {}),
        ...place,
      },
    });
  }

  lost(reason: NotYours): Refusal {
    return reason.kind === 'lease_broken' ? this.broken(reason.broken) : new Refusal(reason.kind);
  }

  broken({ reason, brokenBy, brokenAt }: BrokenLease): Refusal {
    const broken_by = brokenBy ?? 'administrator';
    return new Refusal('lease_broken', { body: { reason, broken_by, broken_at: this.time(brokenAt) } });
  }

  time(instant: Instant): string {
    return this.#law.wallClockAt(instant).toISOString();
  }

  #leaseAlone(lease: Lease, status: LeaseStatus): Fields {
    const ttlMs = lease.ttlSeconds * 1000;
    const passedMs = ttlMs - (lease.deadline - this.#law.now);
    const renew_after_ms = Math.max(0, Math.floor(ttlMs / 3) - passedMs);
    return { status, lease_id: lease.leaseId, renew_after_ms };
  }

  #fieldsOf(lease: Lease): Fields & { readonly expires_at: string; readonly holder: string } {
    const { userId } = lease.holder;
    return {
      fencing_token: lease.fencingToken,
      expires_at: this.time(lease.deadline),
      holder: userId,
      holder_id: userId,
      metadata: lease.metadata,
    };
  }

  #holding({ lockName, lease, hold }: Holding): Fields {
    return { name: lockName, ...this.#fieldsOf(lease), ...presentHold(hold) };
  }

  #holder({ lease, hold }: Holding, viewer: UserId): Fields {
    const slots = hold.mode === 'counted' ? { slots: hold.slots } : {};
    return { ...this.#fieldsOf(lease), ...slots, ...ownLeaseId(lease, viewer) };
  }

  #notHeld(name: LockName, waiters: number): Fields {
    const { state, now } = this.#law;
    const counts = { name, fencing_token: state.lastFencingToken, waiters };
    const until = state.availableAt(name, now);
    if (until === null) return { status: 'available', message: 'Lock not currently held', ...counts };
    const available_at = this.time(until);
    return { status: 'delayed', message: 'Lock not available yet', ...counts, available_at };
  }

  #blocker(by: Keeper): Fields & { readonly holder: string | null; readonly expires_at: string } {
    if (by.kind !== 'held') {
      return { holder: null, holder_id: null, expires_at: this.time(by.until), metadata: null };
    }
    const { holder, holder_id, expires_at, metadata } = this.#fieldsOf(by.lease);
    return { holder, holder_id, expires_at, metadata };
  }
}

function codeOf({ kind }: Obstacle): ErrorCode {
  return kind === 'limit_mismatch' ? kind : `lock_${kind}`;
}

function presentHold(hold: Hold): Fields {
  if (hold.mode !== 'counted') return { mode: hold.mode };
  return { mode: hold.mode, limit: hold.limit, permits: hold.slots.length, slots: hold.slots };
}

function presentLocks(lease: Lease): Fields[] {
  return locksOf(lease).map(({ lockName, hold }) => Object.assign({ name: lockName }, presentHold(hold)));
}

function ownLeaseId(lease: Lease, viewer: UserId): Fields {
  return isOf(lease, viewer) ? { lease_id: lease.leaseId } : {};
}

function isOf({ holder }: Lease, viewer: UserId): boolean {
  return holder.userId === viewer;
}
