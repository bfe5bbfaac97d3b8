import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Random lives take seconds, tables milliseconds. A mutant that a table finds needs no random lives. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => cost(a) - cost(b));
  }
}

function cost({ moduleId }: TestSpecification): number {
  return moduleId.endsWith('.property.spec.ts') ? 1 : 0;
}

/** The tests that the mutants of an area have to get past, which stand in the folder of its name. */
export default defineConfig({
  test: {
    include: [`test/${process.env['MUTATION_AREA']}/**/*.spec.ts`],
    // Changes the working directory, which a worker thread cannot.
    exclude: ['test/store/database-location.spec.ts'],
    // A mutant costs the time that its tests take to load, so they load what they share once.
    isolate: false,
    // Fewer random lives than in a test run, since each mutant gets its own.
    env: { PROPERTY_RUNS: '100' },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    sequence: { sequencer: QuickFirst },
  },
});
