import { holdOn, type Lease } from '../../core/model/lease.js';
import type { LockName } from '../../core/model/lock-name.js';
import type { Instant } from '../../core/model/time.js';
import type { LockHolders, QueuedPlace, QueueView, StateView } from '../../core/state/state-view.js';
import { rfc3339, type LoginOf } from '../../events/event-fields.js';
import { presentHold } from '../../locks/present-hold.js';
import type { PastLease } from '../history.dto.js';
import type { Holding } from '../holding.js';
import { presentHolding } from '../holding-presenter.js';
import type { LockPast } from '../past-leases.js';
import { expectedInMs, type Expectation } from './expected.js';
import { heldInWords, namesInWords, reasonInWords, waitersInWords } from './explain-words.js';
import type {
  ExplainedPlace,
  LockExplanation,
  PresentLease,
  PresentWarning,
  TypicalDuration,
} from './explanation.dto.js';
import { reasonOf, type Line } from './place-reason.js';
import { typicalHold, typicalOf, type Typical } from './typical.js';
import { warningInWords } from '../../events/warning-words.js';
import { warningsOf, type ExplainedWarning } from './warnings.js';

const SHOWN_MAX = 100;
const ENDED_SHOWN_MAX = 3;

/** A lock at one moment. */
export interface Snapshot {
  readonly lockName: LockName;
  readonly holders: LockHolders;
  readonly queue: QueueView;
  /** Until when the lock is kept from everyone. Null if it is not. */
  readonly availableAt: Instant | null;
}

/** @param max how many holders and places are listed. */
export function snapshotOf(lockName: LockName, state: StateView, now: Instant, max = SHOWN_MAX): Snapshot {
  return {
    lockName,
    holders: state.holders(lockName, now, max),
    queue: state.queue(lockName, max),
    availableAt: state.availableAt(lockName, now),
  };
}

/** How the server tells times and names. */
export interface Terms {
  readonly nowMs: number;
  readonly loginOf: LoginOf;
  readonly toWallMs: (instant: Instant) => number;
}

/** @param past what is known of the lock. */
export function explain(snapshot: Snapshot, past: LockPast, terms: Terms): LockExplanation {
  const { leases: holdings } = past;
  const { lockName, holders, queue, availableAt } = snapshot;
  const status = holders.count > 0 ? 'held' : availableAt === null ? 'available' : 'delayed';
  const hold = typicalHold(holdings);
  const ended = endedOf(holdings, terms);
  return {
    name: lockName,
    status,
    ...(status === 'delayed' && availableAt !== null ? { available_at: timeOf(availableAt, terms) } : {}),
    holders: holders.holders.map(({ lease }) => presentLease(lease, lockName, holdings, terms)),
    holder_count: holders.count,
    waiters: queue.askingCount,
    line: explainLine(snapshot, holdings, hold, terms),
    ended,
    typical_hold: hold === null ? null : presentTypical(hold),
    typical_wait: presentWait(past.waitsMs),
    warnings: warningsOf(holders, past).map((warning) => presentWarning(warning, terms)),
    summary: summaryOf(snapshot, holdings, ended, terms),
  };
}

/** What `explain` says in its summary. */
export function summarize(snapshot: Snapshot, { leases }: LockPast, terms: Terms): string {
  return summaryOf(snapshot, leases, endedOf(leases, terms), terms);
}

function presentLease(
  lease: Lease,
  lockName: LockName,
  holdings: readonly Holding[],
  terms: Terms,
): PresentLease {
  const known = holdingOf(lease, holdings);
  const expires_at = timeOf(lease.deadline, terms);
  if (known !== null) return { ...presentHolding(known, terms.nowMs, terms.loginOf), expires_at };
  const { loginOf } = terms;
  const holder = loginOf(lease.holder.userId);
  return {
    fencing_token: lease.fencingToken,
    holder,
    holder_id: lease.holder.userId,
    metadata: lease.metadata,
    ...presentHold(holdOn(lease, lockName)),
    how: 'held',
    acquired_at: null,
    ended_at: null,
    last_renewed_at: null,
    renewals: 0,
    least_margin_ms: null,
    release_requests: [],
    summary: heldInWords([holder], 1, null),
    expires_at,
  };
}

function explainLine(
  snapshot: Snapshot,
  holdings: readonly Holding[],
  hold: Typical | null,
  terms: Terms,
): ExplainedPlace[] {
  const { lockName, holders, queue, availableAt } = snapshot;
  const isDelayed = holders.count === 0 && availableAt !== null;
  const line: Line = { lockName, holders, isDelayed, places: queue.places };
  const expectation = {
    hold,
    heldForMs: heldForMs(snapshot, holdings, terms),
    isExclusive: isExclusive(snapshot),
  };
  return queue.places.map((place) => explainPlace(place, line, expectation, terms));
}

function explainPlace(
  place: QueuedPlace,
  line: Line,
  expectation: Expectation,
  terms: Terms,
): ExplainedPlace {
  const { loginOf } = terms;
  const reason = reasonOf(place, line);
  const { position, holder, since, demand } = place;
  return {
    position,
    holder: loginOf(holder.userId),
    holder_id: holder.userId,
    since: timeOf(since, terms),
    ...demand,
    reason: reason.kind,
    expected_in_ms: expectedInMs(place, expectation),
    summary: reasonInWords(reason, namesOf(line.holders, loginOf), loginOf),
  };
}

function summaryOf(
  snapshot: Snapshot,
  holdings: readonly Holding[],
  [last]: readonly PastLease[],
  terms: Terms,
): string {
  const { holders, queue, availableAt } = snapshot;
  const waiters = waitersInWords(queue.askingCount);
  if (holders.count > 0) {
    const names = holders.holders.map(({ lease }) => terms.loginOf(lease.holder.userId));
    return `${heldInWords(names, holders.count, heldForMs(snapshot, holdings, terms))} ${waiters}`;
  }
  const free =
    availableAt === null
      ? 'No one holds it.'
      : `No one holds it, and it is kept from everyone until ${timeOf(availableAt, terms)}.`;
  return [free, waiters, ...(last === undefined ? [] : [`Before: ${last.summary}`])].join(' ');
}

/** How long the only holder has held the lock. Null if there are none or several, or if it is not known. */
function heldForMs({ holders }: Snapshot, holdings: readonly Holding[], { nowMs }: Terms): number | null {
  const [first] = holders.holders;
  if (first === undefined || holders.count > 1) return null;
  const acquiredAt = holdingOf(first.lease, holdings)?.acquiredAt ?? null;
  return acquiredAt === null ? null : Math.max(0, nowMs - acquiredAt);
}

function isExclusive({ holders, queue, lockName }: Snapshot): boolean {
  return (
    holders.holders.every(({ lease }) => holdOn(lease, lockName).mode === 'exclusive') &&
    queue.places.every(({ demand, lockNames }) => demand.mode === 'exclusive' && lockNames.length === 1)
  );
}

function holdingOf({ fencingToken }: Lease, holdings: readonly Holding[]): Holding | null {
  return holdings.findLast((holding) => holding.fencingToken === fencingToken) ?? null;
}

function endedOf(holdings: readonly Holding[], { nowMs, loginOf }: Terms): PastLease[] {
  const ended = holdings.filter(({ end }) => end !== null).slice(-ENDED_SHOWN_MAX);
  return ended.toReversed().map((holding) => presentHolding(holding, nowMs, loginOf));
}

function namesOf({ holders, count }: LockHolders, loginOf: LoginOf): string {
  return namesInWords(
    holders.map(({ lease }) => loginOf(lease.holder.userId)),
    count,
  );
}

function presentWait(waitsMs: readonly number[]): TypicalDuration | null {
  const wait = typicalOf(waitsMs);
  return wait === null ? null : presentTypical(wait);
}

function presentWarning({ warning, holder }: ExplainedWarning, { loginOf }: Terms): PresentWarning {
  const name = holder === null ? '' : loginOf(holder.userId);
  return { kind: warning.kind, summary: warningInWords(warning, name) };
}

function presentTypical({ count, medianMs, p95Ms }: Typical): TypicalDuration {
  return { count, median_ms: medianMs, p95_ms: p95Ms };
}

function timeOf(instant: Instant, { toWallMs }: Terms): string {
  return rfc3339(toWallMs(instant));
}
