import type { Fields } from './fields.js';
import { readHold, readReleaseRequest } from './lock-readers.js';
import type { LockHold, ReleaseRequest } from './lock-types.js';
import { oneOf } from './one-of.js';

/** How a lease ended. `held` if it goes on. `session_expired` if its session received no keepalive in time. */
export type HowHeld = (typeof HOW_HELD)[number];

const HOW_HELD = ['held', 'released', 'expired', 'session_expired', 'broken'] as const;

/** A lease that holds or held a lock. Its times are those of the server's clock. */
export interface PastLease extends LockHold {
  readonly fencingToken: number;
  /** Login of the user who had it. */
  readonly holder: string;
  readonly holderId: string;
  readonly metadata: string | null;
  readonly how: HowHeld;
  /** Null if that is no longer in the server's log. */
  readonly acquiredAt: Date | null;
  /** Null if it goes on. */
  readonly endedAt: Date | null;
  /** Null if it was not renewed, or if that is no longer in the log. */
  readonly lastRenewedAt: Date | null;
  /** How many renewals the server has read. A lease that was renewed very often may have more. */
  readonly renewals: number;
  /** The least time that was left when it was renewed, in milliseconds. Null if it was not renewed. */
  readonly leastMarginMs: number | null;
  /** Why it was broken. Only if it was. */
  readonly reason?: string | undefined;
  /** Login of the user who broke it, or `administrator` for the admin key. Only if it was broken. */
  readonly brokenBy?: string | undefined;
  /** Who asked for the lock meanwhile, in order. */
  readonly releaseRequests: readonly ReleaseRequest[];
  /** The same in a sentence or two. */
  readonly summary: string;
}

export interface HistoryOptions {
  /** The maximum number of leases, 1 to 100. 20 by default. */
  readonly limit?: number | undefined;
  /** Only leases with a lower fencing token: the `nextBefore` of the previous page. */
  readonly before?: number | undefined;
}

/** One page of a lock's history. */
export interface LockHistory {
  readonly name: string;
  /** The latest grant first. */
  readonly leases: readonly PastLease[];
  /** Where the next page begins. Null if the server's log has no earlier leases. */
  readonly nextBefore: number | null;
}

export function historyPath(name: string, { limit, before }: HistoryOptions): string {
  const query = new URLSearchParams();
  if (limit !== undefined) query.set('limit', String(limit));
  if (before !== undefined) query.set('before', String(before));
  return `/history/${encodeURIComponent(name)}${query.size === 0 ? '' : `?${query}`}`;
}

export function readHistory(fields: Fields): LockHistory {
  return {
    name: fields.text('name'),
    leases: fields.objects('leases').map(readPastLease),
    nextBefore: fields.numberOrNull('next_before'),
  };
}

function readPastLease(fields: Fields): PastLease {
  return {
    fencingToken: fields.number('fencing_token'),
    holder: fields.text('holder'),
    holderId: fields.text('holder_id'),
    metadata: fields.textOrNull('metadata'),
    ...readHold(fields),
    how: oneOf(fields.text('how'), HOW_HELD),
    acquiredAt: fields.optionalDate('acquired_at') ?? null,
    endedAt: fields.optionalDate('ended_at') ?? null,
    lastRenewedAt: fields.optionalDate('last_renewed_at') ?? null,
    renewals: fields.number('renewals'),
    leastMarginMs: fields.numberOrNull('least_margin_ms'),
    ...(fields.has('reason') ? { reason: fields.text('reason'), brokenBy: fields.text('broken_by') } : {}),
    releaseRequests: fields.objects('release_requests').map(readReleaseRequest),
    summary: fields.text('summary'),
  };
}
