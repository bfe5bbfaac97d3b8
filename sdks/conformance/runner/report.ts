import type { Result } from './suite.js';

/** The lines for one result. */
export function linesOf({ scenario, problem, seconds, runs }: Result): string {
  const note = runs === 1 ? '' : `, run ${runs}, since the machine was busy`;
  const line = `  ${problem === null ? 'ok    ' : 'FAILED'} ${scenario} (${seconds.toFixed(1)} s${note})\n`;
  return problem === null ? line : `${line}         ${problem}\n`;
}

/** Counts results. */
export class Tally {
  passed = 0;
  failed = 0;

  add({ problem }: Result): void {
    if (problem === null) this.passed += 1;
    else this.failed += 1;
  }

  toString(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}
