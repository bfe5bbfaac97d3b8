import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../checks/paths.mjs';
import { run } from '../checks/run.mjs';

/** The specs that differ from the last commit, including new ones. */
export function changedSpecs() {
  const changed = [
    ...git('diff', '--name-only', '--relative', 'HEAD'),
    ...git('ls-files', '--others', '--exclude-standard'),
  ];
  return changed.filter((path) => path.endsWith('.spec.ts') && existsSync(join(root, path)));
}

function git(...args) {
  return run('git', args, { cwd: root }).split('\n');
}
