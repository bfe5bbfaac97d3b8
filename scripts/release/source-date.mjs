import { spawnSync } from 'node:child_process';
import { root } from './paths.mjs';

/**
 * The time that the release says it was made, in seconds since 1970: that of the commit, or `SOURCE_DATE_EPOCH`. So a commit
 * always makes the same files. See reproducible-builds.org.
 */
export function sourceDate() {
  const given = process.env.SOURCE_DATE_EPOCH ?? spawnGit(['log', '-1', '--format=%ct']);
  if (!/^\d+$/.test(given))
    throw new Error('This is no git clone. Set SOURCE_DATE_EPOCH to the time of the release.');
  return Number(given);
}

function spawnGit(args) {
  return spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? '';
}
