import { spawnSync } from 'node:child_process';
import type { Area } from './areas.js';
import { Compiler } from './compiler.js';
import { readReport, type Mutant } from './report.js';

const PROGRAM = 'node_modules/@stryker-mutator/core/bin/stryker.js';
const CONFIG = 'lab/mutation/stryker.config.json';
const REPORT = '.stryker/report.json';

/**
 * Changes the code of an area, one place at a time, and runs the tests of the area that cover the place. Results are kept in
 * `.stryker`. A later run reuses them if neither the file nor any of its tests has changed.
 *
 * @param patterns the files to change.
 * @param isFresh whether to discard the results of earlier runs.
 * @returns the mutants that compile.
 */
export function runStryker({ name }: Area, patterns: readonly string[], isFresh: boolean): Mutant[] {
  const args = ['run', CONFIG, '--mutate', patterns.join(','), '--incrementalFile', `.stryker/${name}.json`];
  const { status } = spawnSync(process.execPath, [PROGRAM, ...args, ...(isFresh ? ['--force'] : [])], {
    stdio: 'inherit',
    env: { ...process.env, MUTATION_AREA: name },
  });
  if (status !== 0) throw new Error('Stryker failed. See its output above.');
  const compiler = new Compiler();
  return readReport(REPORT).filter((mutant) => compiler.accepts(mutant));
}
