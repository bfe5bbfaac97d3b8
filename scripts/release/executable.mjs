import { chmodSync, copyFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { run } from '../checks/run.mjs';
import { baseNode } from './base-node.mjs';
import { ownFiles } from './own-files.mjs';
import { artefacts, bundle, manifest, root, work } from './paths.mjs';

/** Puts the application into Node.js. Its tool, because its function prints warnings about the missing symbols. */
const postject = createRequire(import.meta.url).resolve('postject/dist/cli.js');

/** Where Node looks for an application inside itself. Node's documentation names both. */
const RESOURCE = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** What V8 makes of the code depends on random numbers. These do not reach the program: it draws its own when it starts. */
const ALWAYS_THE_SAME = ['--random-seed=1'];

const MAX_BYTES = 130e6;

export const executableStep = {
  name: 'executable',
  what: 'One file that runs on Linux on x64, without Node.js',
  needs: ['base-node', 'bundle'],
  run: async () => {
    const file = join(work, 'octostore');
    copyFileSync(baseNode.stripped, file);
    run(process.execPath, [postject, file, RESOURCE, await prepareBlob(), '--sentinel-fuse', FUSE]);
    chmodSync(file, 0o755);
    refuseTooLarge(file);
    renameSync(file, artefacts.executable);
  },
};

/** The application in the form that Node reads: its code, what V8 has made of it, and its files. */
async function prepareBlob() {
  const config = join(work, 'sea-config.json');
  const output = join(work, 'sea.blob');
  const ownManifest = join(work, 'sea-package.json');
  writeFileSync(ownManifest, JSON.stringify({ name: manifest.name, version: manifest.version }));
  const files = await ownFiles();
  const list = join(work, 'sea-own-files.json');
  writeFileSync(list, JSON.stringify(Object.keys(files)));
  const settings = {
    main: bundle,
    output,
    disableExperimentalSEAWarning: true,
    // The program starts in two thirds of the time.
    useCodeCache: true,
    // SIGUSR1 must not open a debugger, and NODE_OPTIONS is for people who have Node.
    execArgv: ['--disable-sigusr1'],
    execArgvExtension: 'none',
    assets: {
      ...files,
      'own-files.json': list,
      'package.json': ownManifest,
      'node_sqlite3.node': join(root, 'node_modules/sqlite3/build/Release/node_sqlite3.node'),
    },
  };
  writeFileSync(config, JSON.stringify(settings, null, 2));
  run(baseNode.original, [...ALWAYS_THE_SAME, '--experimental-sea-config', config]);
  return output;
}

function refuseTooLarge(file) {
  const { size } = statSync(file);
  if (size > MAX_BYTES) throw new Error(`The executable has ${size} bytes, more than ${MAX_BYTES}.`);
}
