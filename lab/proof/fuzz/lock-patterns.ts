import * as fc from 'fast-check';
import { LockPattern, LOCK_PATTERN_LENGTH_MAX } from '../../../src/access/patterns/lock-pattern.js';
import { LOCK_NAME_LENGTH_MAX } from '../../../src/core/model/limits.js';
import { ClaimBroken } from '../proof.js';

const pattern = fc
  .array(fc.constantFrom('*', '**/', '?', 'a', 'b', '/', '*a', '*?', 'a*b'), { minLength: 1, maxLength: 128 })
  .map((parts) => parts.join('').slice(0, LOCK_PATTERN_LENGTH_MAX));
const lockName = fc
  .array(fc.constantFrom('a', 'aa', 'b', 'a/', '/b', 'aaaaaaaa'), { minLength: 1, maxLength: 256 })
  .map((parts) => parts.join('').slice(0, LOCK_NAME_LENGTH_MAX));

/** Matches hostile patterns. Returns the largest number of steps, as a share of the limit. Throws `ClaimBroken` above it. */
export function matchHostilePatterns(count: number, seed: number): number {
  let worst = 0;
  for (const [text, name] of fc.sample(fc.tuple(pattern, lockName), { numRuns: count, seed })) {
    const cost = { steps: 0 };
    new LockPattern(text).matches(name, cost);
    const share = cost.steps / ((text.length + 1) * (name.length + 1));
    if (share > 1) throw new ClaimBroken(`${cost.steps} steps to match ${text} with ${name}`);
    worst = Math.max(worst, share);
  }
  return worst;
}
