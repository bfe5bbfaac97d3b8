import { changedSpecs } from './changed-specs.mjs';

const npm = (script, ...args) => ['npm', 'run', '--silent', '--ignore-scripts', script, '--', ...args];
const node = (text, ...args) => [process.execPath, ...text.split(' '), ...args];

/** The compiler caches what it has checked, so the next run checks only what has changed. */
const types = (project) => {
  const memory = `node_modules/.cache/check/${project.replaceAll('/', '-')}.tsbuildinfo`;
  return {
    name: `types: ${project}`,
    command: node(
      `node_modules/typescript/bin/tsc --noEmit --incremental --tsBuildInfoFile ${memory} -p ${project}`,
    ),
  };
};

/**
 * The steps that only read. The slowest ones come first, so that none of them runs alone at the end. The files of tsconfig.lab.json
 * and tsconfig.build.json are also part of tsconfig.json, with the same options. The build before these steps checks the root folder.
 */
export const READING = [
  { name: 'layers', command: npm('lint:layers') },
  types('tsconfig.json'),
  { name: 'lint', command: npm('lint') },
  { name: 'format', command: npm('format:check', '--cache', '--log-level=warn') },
  types('tsconfig.sdks.json'),
  types('sdks/typescript/tsconfig.json'),
  { name: 'docs/architecture.svg', command: node('scripts/architecture.mjs --check') },
  { name: 'openapi.yaml', command: node('scripts/emit-openapi.mjs openapi.yaml --check') },
];

/** The folders of `test` whose specs are fast. */
const FAST =
  'access auth clock config contract core docs events fuzz http kit rules secrets store term'.split(' ');

/** Runs fewer random histories than the whole suite, and skips the second run of the API, through Express alone. */
export const SPECS = {
  name: 'fast specs, and those that changed',
  command: node(
    'node_modules/vitest/vitest.mjs run --reporter=dot --silent=passed-only --project=http --project=cli --project=other',
    ...FAST.map((folder) => `test/${folder}/`),
    ...changedSpecs(),
  ),
  env: { PROPERTY_RUNS: '1000' },
};
