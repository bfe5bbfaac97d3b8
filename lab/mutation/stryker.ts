import { spawnSync } from 'node:child_process';
import type { Area } from './areas.js';
import { Compiler } from './compiler.js';
import { readReport, type Mutant } from './report.js';

const PROGRAM = 'node_modules/@stryker-mutator/core/bin/stryker.js';
const CONFIG = 'lab/mutation/stryker.config.json';
const REPORT = '.stryker/report.json';

export interface RunOptions {
  /** Whether to discard the results of earlier runs. */
  readonly isFresh: boolean;
  /** How many times longer than usual a test may take. */
  readonly patience: number;
}

/**
 * Changes the code of an area, one place at a time, and runs the tests of the area that cover the place. Results are kept in
 * `.stryker`. A later run reuses them if neither the file nor any of its tests has changed.
 *
 * @param patterns the files to change.
 * @returns the mutants that compile.
 */
export function runStryker(
  { name }: Area,
  patterns: readonly string[],
  { isFresh, patience }: RunOptions,
): Mutant[] {
  const args = ['run', CONFIG, '--mutate', patterns.join(','), '--incrementalFile', `.stryker/${name}.json`];
  const timeouts = ['--timeoutMS', 10_000 * patience, '--dryRunTimeoutMinutes', 5 * patience].map(String);
  const force = isFresh ? ['--force'] : [];
  const { status } = spawnSync(process.execPath, [PROGRAM, ...args, ...timeouts, ...force], {
    stdio: 'inherit',
    env: { ...process.env, MUTATION_AREA: name, MUTATION_PATIENCE: String(patience) },
  });
  if (status !== 0) throw new Error('Stryker failed. See its output above.');
  const compiler = new Compiler();
  return readReport(REPORT).filter((mutant) => compiler.accepts(mutant));
}
