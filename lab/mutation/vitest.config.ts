import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Random histories and other processes take seconds, tables milliseconds. A mutant that a table finds does not need the others. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => cost(a) - cost(b));
  }
}

const TIMEOUT_MS = 10_000 * Number(process.env['MUTATION_PATIENCE']);

const SLOW = /\.property\.spec\.ts$|process-lock\.spec\.ts$/;

function cost({ moduleId }: TestSpecification): number {
  return SLOW.test(moduleId) ? 1 : 0;
}

/** Runs the tests of an area, which are in the folder of `test` with its name. */
export default defineConfig({
  test: {
    include: [`test/${process.env['MUTATION_AREA']}/**/*.spec.ts`],
    // This spec changes the working directory, which a worker thread cannot do.
    exclude: ['test/store/database-location.spec.ts'],
    // Loading the tests dominates the time per mutant, so shared modules are loaded only once.
    isolate: false,
    // Fewer random histories than in a normal run, since every mutant runs them.
    env: { PROPERTY_RUNS: '100' },
    // A mutant that lets a test wait forever fails here. Otherwise Stryker must end the process and start another, which takes longer.
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
    sequence: { sequencer: QuickFirst },
  },
});
