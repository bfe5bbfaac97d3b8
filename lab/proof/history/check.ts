import type { Figures } from '../proof.js';
import { FRESH, LeaseModel, type LockState } from '../../kit/history/lease-model.js';
import { findOrder, type Verdict } from '../../kit/history/linearizability.js';
import type { History } from '../../kit/history/history.js';
import type { Operation } from '../../kit/history/operation.js';
import type { Outages } from '../../kit/history/outages.js';
import { tokenOrderViolations } from '../../kit/history/token-order.js';
import { type HeldLease } from '../../kit/history/lease-model.js';

export interface Findings {
  readonly violations: readonly string[];
  readonly locks: number;
  readonly operations: number;
  readonly longestLockHistory: number;
  readonly undecided: number;
}

/** How many operations to show when none of them can follow. */
const SHOWN_MAX = 6;

/** Searches for a valid order of each lock's operations, and checks the fencing tokens across all locks. */
export function checkHistory(history: History, outages: Outages): Findings {
  const model = new LeaseModel(outages);
  const violations = tokenOrderViolations(history);
  let operations = 0;
  let longestLockHistory = 0;
  let undecided = 0;
  for (const [lock, ofLock] of history.byLock) {
    operations += ofLock.length;
    longestLockHistory = Math.max(longestLockHistory, ofLock.length);
    const search = findOrder(ofLock, model);
    if (search.kind === 'undecided') undecided += 1;
    if (search.kind === 'impossible') violations.push(describe(lock, search));
  }
  return { violations, locks: history.byLock.size, operations, longestLockHistory, undecided };
}

/** The extent of the check: how long the histories were, and how often each kind of operation happened. */
export function figuresOf(history: History, { locks, longestLockHistory }: Findings): Figures {
  return {
    'locks, each with a valid order': locks,
    'longest history of one lock': longestLockHistory,
    ...Object.fromEntries([...history.counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function describe(lock: string, search: Extract<Verdict, { kind: 'impossible' }>): string {
  const shown = search.stuckBefore
    .slice(0, SHOWN_MAX)
    .map((operation) => `\n    ${describeOperation(operation)}`);
  const more = search.stuckBefore.length - shown.length;
  return (
    `${lock}: no order explains the answers. After ${search.ordered} operations ${describeState(search.state)}, ` +
    `and none of these can follow:${shown.join('')}${more > 0 ? `\n    and ${more} more` : ''}`
  );
}

function describeState({ leases, highestToken }: LockState): string {
  if (leases.length > 0) return leases.map(describeLease).join(', ');
  return highestToken === FRESH.highestToken ? 'it is new' : `it is free after token ${highestToken}`;
}

function describeLease({ tag, token, endableFromMs, endsByMs }: HeldLease): string {
  return `${tag} holds it with token ${token} and may end from ${ms(endableFromMs)} to ${ms(endsByMs)}`;
}

function describeOperation({ ask, told, callMs, returnMs }: Operation): string {
  const asked = ask.kind === 'status' ? ask.kind : `${ask.kind} ${ask.tag}`;
  return `${asked} -> ${JSON.stringify(told)} [${ms(callMs)}, ${ms(returnMs)}]`;
}

function ms(time: number): string {
  return `${time.toFixed(1)} ms`;
}
