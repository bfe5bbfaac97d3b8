import type { Fields } from './fields.js';
import { readPastLease, type PastLease } from './history.js';
import { readHold } from './lock-readers.js';
import type { LockHold } from './lock-types.js';
import { oneOf } from './one-of.js';

const STATUSES = ['available', 'held', 'delayed'] as const;
const WARNINGS = ['renews_late', 'changes_hands_often'] as const;
const REASONS = ['kept', 'delayed', 'held', 'behind', 'other_lock'] as const;

/**
 * Why a request does not have the lock. `kept`: its client is not asking at the moment. `delayed`: the lock is kept from everyone for a
 * while. `held`: the holders have to release it. `behind`: it would go with the holders, but a request before it does not. `other_lock`:
 * it waits for another lock of the same request.
 */
export type WaitReason = (typeof REASONS)[number];

/** How long something usually takes, in milliseconds. */
export interface TypicalDuration {
  /** How many times it was measured. */
  readonly count: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}

/**
 * What may need attention. `renews_late`: a holder last renewed when less than a fifth of the TTL was left. `changes_hands_often`: the
 * lock has lately been granted five times as often as is usual.
 */
export interface LockWarning {
  readonly kind: (typeof WARNINGS)[number];
  /** The warning as a sentence. */
  readonly summary: string;
}

/** A lease that holds the lock now. */
export interface PresentLease extends PastLease {
  /** When it expires, unless it is renewed. */
  readonly expiresAt: Date;
}

/** One place in the line, and what it waits for. */
export interface ExplainedPlace extends LockHold {
  /** Where in the line of the requests that are asking, from 1. A place that is only kept has the position that it would have. */
  readonly position: number;
  /** Login of the waiting user. */
  readonly holder: string;
  readonly holderId: string;
  readonly since: Date;
  readonly reason: WaitReason;
  /** In how many milliseconds it is likely to be served. Null if that cannot be told. */
  readonly expectedInMs: number | null;
  /** The reason in words. */
  readonly summary: string;
}

/** Why a lock is held, or why not, and what each request in line waits for. Times are those of the server's clock. */
export interface LockExplanation {
  readonly name: string;
  readonly status: (typeof STATUSES)[number];
  /** Until when the lock is kept from everyone. Only if its status is `delayed`. */
  readonly availableAt?: Date | undefined;
  /** In the order of their grants, at most 100. */
  readonly holders: readonly PresentLease[];
  readonly holderCount: number;
  /** How many requests are waiting. */
  readonly waiters: number;
  /** The first 100 places, in order of arrival. */
  readonly line: readonly ExplainedPlace[];
  /** The leases that ended last, the latest grant first, at most three. */
  readonly ended: readonly PastLease[];
  /** How long its latest leases held it. Null if none is known. */
  readonly typicalHold: TypicalDuration | null;
  /** How long the latest requests that had to wait were in line before they got it. Null if none is known. */
  readonly typicalWait: TypicalDuration | null;
  /** Usually empty. */
  readonly warnings: readonly LockWarning[];
  /** The same in a few sentences. */
  readonly summary: string;
}

export function readExplanation(fields: Fields): LockExplanation {
  const availableAt = fields.optionalDate('available_at');
  return {
    name: fields.text('name'),
    status: oneOf(fields.text('status'), STATUSES),
    ...(availableAt === undefined ? {} : { availableAt }),
    holders: fields.objects('holders').map(readPresentLease),
    holderCount: fields.number('holder_count'),
    waiters: fields.number('waiters'),
    line: fields.objects('line').map(readPlace),
    ended: fields.objects('ended').map(readPastLease),
    typicalHold: readTypical(fields.optionalObject('typical_hold')),
    typicalWait: readTypical(fields.optionalObject('typical_wait')),
    warnings: fields.objects('warnings').map(readWarning),
    summary: fields.text('summary'),
  };
}

function readPresentLease(fields: Fields): PresentLease {
  return { ...readPastLease(fields), expiresAt: fields.date('expires_at') };
}

function readPlace(fields: Fields): ExplainedPlace {
  return {
    position: fields.number('position'),
    holder: fields.text('holder'),
    holderId: fields.text('holder_id'),
    since: fields.date('since'),
    ...readHold(fields),
    reason: oneOf(fields.text('reason'), REASONS),
    expectedInMs: fields.numberOrNull('expected_in_ms'),
    summary: fields.text('summary'),
  };
}

function readWarning(fields: Fields): LockWarning {
  return { kind: oneOf(fields.text('kind'), WARNINGS), summary: fields.text('summary') };
}

function readTypical(fields: Fields | undefined): TypicalDuration | null {
  if (fields === undefined) return null;
  return {
    count: fields.number('count'),
    medianMs: fields.number('median_ms'),
    p95Ms: fields.number('p95_ms'),
  };
}
