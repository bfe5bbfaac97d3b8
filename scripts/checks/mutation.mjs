import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const WITHIN_MS = 6 * 3_600_000;

/** Stryker changes the core and the store in one place after another, and nearly every change must fail a test. */
export const mutation = {
  what: 'Stryker, core and store',
  version: () =>
    JSON.parse(readFileSync(join(root, 'node_modules/@stryker-mutator/core/package.json'), 'utf8')).version,
  run: () => run('npm', ['run', '--silent', 'mutation'], { cwd: root, withinMs: WITHIN_MS }),
};
