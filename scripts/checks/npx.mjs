import { artefacts } from '../release/paths.mjs';
import { root, workshop } from './paths.mjs';
import { run } from './run.mjs';

const HOUR = 3_600_000;

/** npm installs the package as for its user, with the driver of SQLite for this machine, which it may have to compile. */
export const npx = {
  name: 'npx',
  what: 'npx runs the packed npm package in an empty folder',
  version: () => run('npm', ['--version']).trim(),
  run: async () => {
    run('npm', ['run', '--silent', 'release'], { cwd: root, withinMs: HOUR });
    const folder = workshop('npx');
    const cache = { npm_config_cache: `${folder}/cache` };
    const command = ['--yes', artefacts.npm, 'bench', '--duration', '1', '--workload', 'acquire-release'];
    run('npx', command, { cwd: folder, env: cache, withinMs: HOUR });
  },
};
