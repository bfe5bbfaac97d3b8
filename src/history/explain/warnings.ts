import type { Holder } from '../../core/model/lease.js';
import type { LockHolders } from '../../core/state/state-view.js';
import type { LateRenewal } from '../holding.js';
import type { LockPast } from '../past-leases.js';

/** What may need the attention of an operator. */
export type LockWarning =
  /** A holder whose last renewal was late. If the next one is a little later, it loses the lock. */
  | ({ readonly kind: 'renews_late'; readonly holder: Holder } & LateRenewal)
  /** Grants follow each other much faster than is usual, as they do if holders fail and are replaced. Times between grants, in milliseconds. */
  | { readonly kind: 'changes_hands_often'; readonly latelyMs: number; readonly usuallyMs: number };

export function warningsOf({ holders }: LockHolders, { leases, pace }: LockPast): LockWarning[] {
  const present = new Set(holders.map(({ lease }) => lease.fencingToken));
  const late = leases.flatMap(({ fencingToken, holder, lateRenewal }): LockWarning[] =>
    lateRenewal === null || !present.has(fencingToken)
      ? []
      : [{ kind: 'renews_late', holder, ...lateRenewal }],
  );
  if (pace === null || !pace.isUnusual) return late;
  const { latelyMs, usuallyMs } = pace;
  return [...late, { kind: 'changes_hands_often', latelyMs, usuallyMs }];
}
