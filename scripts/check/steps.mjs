import { changedSpecs } from './changed-specs.mjs';
import { fastSpecs } from './fast-specs.mjs';

const npm = (script, ...args) => ['npm', 'run', '--silent', '--ignore-scripts', script, '--', ...args];
const node = (text, ...args) => [process.execPath, ...text.split(' '), ...args];

/** Needs a file that `npm run generators` makes. */
const NEEDS_GENERATED = 'test/generators/**';

/**
 * The steps that only read. The slowest ones come first, so that none of them runs alone at the end. The linter loads all types
 * anyway, so it also reports type errors, in a third of the time that the compiler takes. Continuous integration runs the compiler.
 */
export const READING = [
  {
    name: 'lint and types',
    command: npm('lint', '--type-check', `--ignore-pattern=${NEEDS_GENERATED}`, 'vitest.config.ts'),
  },
  { name: 'layers', command: npm('lint:layers') },
  { name: 'format', command: npm('format:check', '--cache', '--log-level=warn') },
];

/** Runs fewer random histories than the whole suite, and the API only once: not through Express alone, nor on PostgreSQL. */
export const SPECS = {
  name: 'fast specs, and those that changed',
  command: node(
    'node_modules/vitest/vitest.mjs run --reporter=dot --silent=passed-only --project=http --project=cli --project=alone --project=other',
    ...fastSpecs(),
    ...changedSpecs(),
  ),
  env: { PROPERTY_RUNS: '300' },
};
