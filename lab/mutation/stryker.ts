import { spawnSync } from 'node:child_process';
import type { Area } from './areas.js';
import { Compiler } from './compiler.js';
import { readReport, type Mutant } from './report.js';

const PROGRAM = 'node_modules/@stryker-mutator/core/bin/stryker.js';
const CONFIG = 'lab/mutation/stryker.config.json';
const REPORT = '.stryker/report.json';

/**
 * Changes the code of an area in one place after another and runs the tests of the area that cover the place. What an earlier run
 * has found out is kept in `.stryker`, and holds as long as neither the file nor a test of it changes.
 *
 * @param patterns The files to change.
 * @param isFresh Whether to forget what earlier runs have found out.
 * @returns the mutants that compile.
 */
export function runStryker({ name }: Area, patterns: readonly string[], isFresh: boolean): Mutant[] {
  const args = ['run', CONFIG, '--mutate', patterns.join(','), '--incrementalFile', `.stryker/${name}.json`];
  const { status } = spawnSync(process.execPath, [PROGRAM, ...args, ...(isFresh ? ['--force'] : [])], {
    stdio: 'inherit',
    env: { ...process.env, MUTATION_AREA: name },
  });
  if (status !== 0) throw new Error('Stryker failed. Its output above says why.');
  const compiler = new Compiler();
  return readReport(REPORT).filter((mutant) => compiler.accepts(mutant));
}
