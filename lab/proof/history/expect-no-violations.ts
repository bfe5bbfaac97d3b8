import { ClaimBroken } from '../proof.js';
import type { Findings } from '../../kit/history/check-history.js';
import type { SharedState } from '../../kit/load/shared-state.js';

const SHOWN_MAX = 10;

/** Throws `ClaimBroken` if anything was found to be wrong. */
export function expectNoViolations(
  { violations: observed, unexpected }: SharedState,
  findings: Findings,
  more: readonly string[] = [],
): void {
  const violations = [...observed, ...unexpected, ...findings.violations, ...more];
  if (violations.length > 0) {
    const shown = violations.slice(0, SHOWN_MAX).join('\n  ');
    throw new ClaimBroken(`${violations.length} violations:\n  ${shown}`);
  }
  if (findings.undecided.length > 0) throw new Error(findings.undecided.join('\n'));
}
