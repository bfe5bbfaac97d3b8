import { root } from './paths.mjs';
import { run } from './run.mjs';

const HOURS = 3_600_000;

/** A check that runs a script of package.json. `line` is what follows `npm run`. */
export function npmScript(name, what, line = name) {
  return {
    name,
    what,
    version: () => `Node.js ${process.version}`,
    run: async () => run('npm', ['run', '--silent', ...line.split(' ')], { cwd: root, withinMs: 12 * HOURS }),
  };
}
