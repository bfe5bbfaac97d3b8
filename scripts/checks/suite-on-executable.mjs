import { artefacts } from '../release/paths.mjs';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const HOUR = 3_600_000;

/** Specs with shell lines that put Node in front of the program. */
const STARTED_BY_NODE = [
  ...['completion', 'connection', 'in-scripts', 'requests'].map((name) => `test/cli/${name}.spec.ts`),
  'test/commands/first-token.spec.ts',
];

/** The specs that start the program, with the executable instead of the build. */
export const suiteOnExecutable = {
  name: 'executable',
  what: 'The specs of the commands, with the single executable',
  version: () => run(artefacts.executable, ['--version']).trim(),
  run: async () => {
    run('npm', ['run', '--silent', 'release'], { cwd: root, withinMs: HOUR });
    const env = { OCTOSTORE_MAIN: artefacts.executable };
    const specs = ['test/cli', 'test/commands'];
    const others = STARTED_BY_NODE.flatMap((spec) => ['--exclude', spec]);
    const suite = ['node_modules/vitest/vitest.mjs', 'run', ...specs, ...others];
    run(process.execPath, suite, { cwd: root, env, withinMs: 2 * HOUR });
  },
};
