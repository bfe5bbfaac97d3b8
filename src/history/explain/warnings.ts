import type { LockWarning } from '../../core/model/event.js';
import type { Holder } from '../../core/model/lease.js';
import type { LockHolders } from '../../core/state/state-view.js';
import type { LockPast } from '../past-leases.js';

/** What may need the attention of an operator at present. */
export interface ExplainedWarning {
  readonly warning: LockWarning;
  /** Null if it is not about one of the holders. */
  readonly holder: Holder | null;
}

export function warningsOf({ holders }: LockHolders, { leases, pace }: LockPast): ExplainedWarning[] {
  const present = new Set(holders.map(({ lease }) => lease.fencingToken));
  const late = leases.flatMap(({ fencingToken, holder, lateRenewal }): ExplainedWarning[] =>
    lateRenewal === null || !present.has(fencingToken)
      ? []
      : [{ holder, warning: { kind: 'renews_late', ...lateRenewal } }],
  );
  if (pace === null || !pace.isUnusual) return late;
  const { latelyMs, usuallyMs } = pace;
  return [...late, { holder: null, warning: { kind: 'changes_hands_often', latelyMs, usuallyMs } }];
}
