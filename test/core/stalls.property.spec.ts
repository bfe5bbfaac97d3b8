import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProgramRun } from '../support/program-run.js';
import {
  HOLD_SECONDS_MAX,
  LOCK_DELAY_SECONDS_MAX,
  NESTED_PROGRAMS,
  PROGRAMS_OF_ONE_LEASE,
  WAIT_SECONDS,
  type Program,
} from '../support/programs.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 1_500);
const SEED = Number(process.env['PROPERTY_SEED'] ?? 20_261_129);

/** A deadline has passed one millisecond after it. A lease and its lock's cooling end one after the other. */
const ROUNDING_MS = 2;

function expectNoStalls(programs: fc.Arbitrary<Program[]>, stallMaxMs: number): void {
  const runs = fc.property(programs, (list) => new ProgramRun(list, stallMaxMs + ROUNDING_MS).run());
  const report = fc.check(runs, { numRuns: RUNS, seed: SEED });
  expect([fc.defaultReportMessage(report), report.errorInstance]).toEqual([undefined, null]);
}

test(
  'programs that ask for all their locks at once wait no longer than these locks are in use',
  () => expectNoStalls(PROGRAMS_OF_ONE_LEASE, 1000 * (HOLD_SECONDS_MAX + LOCK_DELAY_SECONDS_MAX)),
  60_000 + RUNS * 60,
);

test(
  'programs that wait for each other in a circle stall no longer than the longest wait',
  () => expectNoStalls(NESTED_PROGRAMS, 1000 * WAIT_SECONDS.max),
  60_000 + RUNS * 60,
);
