import { ClaimBroken } from '../proof.js';
import type { Findings } from '../../kit/history/check-history.js';
import type { World } from '../../kit/load/world.js';

const SHOWN_MAX = 10;

/** Throws unless nothing at all was found to be wrong. */
export function demandSoundness(
  { violations: seen, unexpected }: World,
  findings: Findings,
  more: readonly string[] = [],
): void {
  const violations = [...seen, ...unexpected, ...findings.violations, ...more];
  if (violations.length > 0) {
    const shown = violations.slice(0, SHOWN_MAX).join('\n  ');
    throw new ClaimBroken(`${violations.length} violations:\n  ${shown}`);
  }
  if (findings.undecided > 0) throw new Error(`the search gave up on ${findings.undecided} locks`);
}
