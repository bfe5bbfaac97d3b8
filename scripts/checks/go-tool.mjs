import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const HOUR = 3_600_000;

/** Where a program for checks is, written in Go. It is built once for each version, which takes minutes. */
export function goTool(path, version) {
  const folder = join(root, 'build', 'go-tools', version);
  const program = join(folder, basename(path));
  const env = { GOBIN: folder, GOFLAGS: '-mod=mod' };
  if (!existsSync(program)) run('go', ['install', `${path}@${version}`], { env, withinMs: HOUR });
  return program;
}

/** Builds a program of this repository whose source is a folder with one file, and returns its path. */
export function ownGoTool(source, name, modules) {
  const folder = join(root, 'build', 'go-tools', name);
  run('mkdir', ['-p', folder]);
  run('cp', [join(source, 'main.go'), folder]);
  const go = (...args) => run('go', args, { cwd: folder, env: { GOFLAGS: '-mod=mod' }, withinMs: HOUR });
  if (!existsSync(join(folder, 'go.mod'))) go('mod', 'init', `octostore.test/${name}`);
  go('get', ...modules);
  go('build', '-o', name, '.');
  return join(folder, name);
}
