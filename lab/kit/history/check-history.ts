import { LeaseModel } from './lease-model.js';
import { FRESH, type HeldLease, type LockState } from './lock-state.js';
import { findOrder, type SearchResult } from './find-order.js';
import type { History } from './history.js';
import { tagOf, type Operation } from './operation.js';
import type { Outages } from './outages.js';
import { tokenOrderViolations } from './token-order.js';

/** What a check of a history has found. Nothing is wrong if there are no violations and no lock is undecided. */
export interface Findings {
  readonly violations: readonly string[];
  readonly locks: number;
  readonly operations: number;
  readonly longestLockHistory: number;
  /** The locks on which the search gave up, in words. */
  readonly undecided: readonly string[];
}

/** How many operations are shown where no order can be continued. */
const SHOWN_MAX = 6;

/**
 * The one checker of what clients saw. It looks for an order of each lock's operations that the law permits, and checks the
 * tokens of all locks together. So it finds leases that hold a lock together and must not, tokens that do not increase, and
 * anything acknowledged that is lost.
 */
export function checkHistory(history: History, outages: Outages): Findings {
  const model = new LeaseModel(outages);
  const violations = [...tokenOrderViolations(history, outages), ...earlySessionEnds(history, outages)];
  let operations = 0;
  let longestLockHistory = 0;
  const undecided: string[] = [];
  for (const [lock, ofLock] of history.byLock) {
    operations += ofLock.length;
    longestLockHistory = Math.max(longestLockHistory, ofLock.length);
    const result = findOrder(ofLock, model);
    if (result.kind === 'undecided') undecided.push(describeUndecided(lock, ofLock.length, result));
    if (result.kind === 'impossible') violations.push(describe(lock, result));
  }
  return { violations, locks: history.byLock.size, operations, longestLockHistory, undecided };
}

function earlySessionEnds({ goneSessions }: History, outages: Outages): string[] {
  return goneSessions.flatMap((session) => {
    const earlyMs = session.earliestEnd(outages) - session.endedByMs;
    return earlyMs > 0 ? [`session ${session.id} was gone ${earlyMs.toFixed(1)} ms too early`] : [];
  });
}

/** How much there was to check, and how often each thing happened. */
export function figuresOf(
  history: History,
  { locks, longestLockHistory }: Findings,
): Readonly<Record<string, number>> {
  return {
    'locks, each with an order found': locks,
    'longest history of one lock': longestLockHistory,
    ...Object.fromEntries([...history.counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function describeUndecided(
  lock: string,
  operations: number,
  { ordered, unanswered }: Extract<SearchResult, { kind: 'undecided' }>,
): string {
  return `${lock}: the search gave up. It ordered ${ordered} of ${operations} operations. ${unanswered} unanswered ones may have had an effect`;
}

function describe(lock: string, result: Extract<SearchResult, { kind: 'impossible' }>): string {
  const shown = result.stuckBefore
    .slice(0, SHOWN_MAX)
    .map((operation) => `\n    ${describeOperation(operation)}`);
  const more = result.stuckBefore.length - shown.length;
  return (
    `${lock}: no order explains the answers. After ${result.ordered} operations ${describeState(result.state)}, ` +
    `and none of these can follow:${shown.join('')}${more > 0 ? `\n    and ${more} more` : ''}`
  );
}

function describeState({ leases, highestToken, cooling: { fromMs, byMs } }: LockState): string {
  if (leases.length > 0) return leases.map(describeLease).join(', ');
  if (byMs > -Infinity) return `it cools until some moment from ${ms(fromMs)} to ${ms(byMs)}`;
  return highestToken === FRESH.highestToken ? 'it is fresh' : `it is free after token ${highestToken}`;
}

function describeLease({ tag, token, endableFromMs, endsByMs }: HeldLease): string {
  return `${tag} holds it with token ${token} and may end from ${ms(endableFromMs)} to ${ms(endsByMs)}`;
}

function describeOperation({ request, outcome, callMs, returnMs }: Operation): string {
  const requested = `${request.kind} ${tagOf(request) ?? ''}`.trim();
  return `${requested} -> ${JSON.stringify(outcome)} [${ms(callMs)}, ${ms(returnMs)}]`;
}

function ms(time: number): string {
  return `${time.toFixed(1)} ms`;
}
