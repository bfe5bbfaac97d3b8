import { artefacts } from '../release/paths.mjs';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const HOUR = 3_600_000;

/** The specs that start the program, with the executable instead of the build. */
export const suiteOnExecutable = {
  name: 'executable',
  what: 'All commands, with the single executable',
  version: () => run(artefacts.executable, ['--version']).trim(),
  run: async () => {
    run('npm', ['run', '--silent', 'release'], { cwd: root, withinMs: HOUR });
    const env = { OCTOSTORE_MAIN: artefacts.executable };
    const specs = ['test/cli', 'test/commands', 'test/bench'];
    const suite = ['node_modules/vitest/vitest.mjs', 'run', ...specs];
    run(process.execPath, suite, { cwd: root, env, withinMs: 2 * HOUR });
  },
};
