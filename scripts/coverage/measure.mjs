import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../checks/paths.mjs';
import { runStep } from '../steps/run-step.mjs';

const FOLDER = join(root, 'build', 'coverage');

/** Runs the specs with coverage. Returns the data of Istanbul for each file of src, by path. Throws if a test fails. */
export async function measure(specs) {
  rmSync(FOLDER, { recursive: true, force: true });
  const { passed, output } = await runStep({
    command: [process.execPath, 'node_modules/vitest/vitest.mjs', 'run', ...OPTIONS, ...specs],
  });
  if (!passed) throw new Error(output);
  const coverage = JSON.parse(readFileSync(join(FOLDER, 'coverage-final.json'), 'utf8'));
  return new Map(Object.entries(coverage).map(([path, file]) => [relative(root, path), file]));
}

const OPTIONS = [
  '--coverage',
  '--coverage.provider=v8',
  '--coverage.include=src/**/*.ts',
  '--coverage.reporter=json',
  `--coverage.reportsDirectory=${FOLDER}`,
  '--reporter=dot',
  '--silent=passed-only',
];
