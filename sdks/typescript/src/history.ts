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
  /** Null if the server no longer knows. */
  readonly acquiredAt: Date | null;
  /** Null if it goes on. */
  readonly endedAt: Date | null;
  /** Null if it was not renewed. */
  readonly lastRenewedAt: Date | null;
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
}

/** The latest leases of a lock. */
export interface LockHistory {
  readonly name: string;
  /** The latest grant first. */
  readonly leases: readonly PastLease[];
}

export function historyPath(name: string, { limit }: HistoryOptions): string {
  return `/history/${encodeURIComponent(name)}${limit === undefined ? '' : `?limit=${limit}`}`;
}

export function readHistory(fields: Fields): LockHistory {
  return { name: fields.text('name'), leases: fields.objects('leases').map(readPastLease) };
}

export function readPastLease(fields: Fields): PastLease {
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
