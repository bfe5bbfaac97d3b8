import { run } from '../checks/run.mjs';
import { root } from './paths.mjs';

/** The version of glibc that all of these files can run with: the newest that one of their symbols needs. */
export function neededGlibc(files) {
  const symbols = files.map((file) => run('objdump', ['-T', file], { cwd: root })).join('');
  const versions = [...symbols.matchAll(/GLIBC_(\d+)\.(\d+)/g)].map(([, major, minor]) => [
    Number(major),
    Number(minor),
  ]);
  const [major, minor] = versions.toSorted((a, b) => b[0] - a[0] || b[1] - a[1])[0];
  return `${major}.${minor}`;
}
