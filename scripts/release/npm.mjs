import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../checks/run.mjs';
import { ownFiles } from './own-files.mjs';
import { artefacts, bundle, manifest, release, root, work } from './paths.mjs';

const folder = join(work, 'npm');

/** Published from their own folders, beside the program. */
const SDKS = ['sdks/typescript', 'sdks/nestjs'];

export const npmStep = {
  name: 'npm',
  what: 'The npm packages: the program, the TypeScript SDK and its Nest module',
  needs: ['bundle', 'licences'],
  run: async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(releasedManifest(), null, 2)}\n`);
    for (const file of [bundle, `${bundle}.map`])
      copyFileSync(file, join(folder, 'dist', file.split('/').at(-1)));
    for (const [name, path] of Object.entries(await ownFiles())) copyInto(join(folder, 'assets', name), path);
    for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md', '.env.example'])
      copyFileSync(join(root, file), join(folder, file));
    copyFileSync(artefacts.licences, join(folder, 'THIRD-PARTY.txt'));
    for (const source of [folder, ...SDKS.map((sdk) => join(root, sdk))])
      run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', release], { cwd: source });
  },
};

/**
 * The package.json that is published. That of the repository is private, so that no one publishes a clone by mistake. The
 * bundle contains everything but the driver of SQLite, which npm installs for the machine it is on.
 */
function releasedManifest() {
  const { name, version, description, license, engines } = manifest;
  return {
    name,
    version,
    description,
    license,
    homepage: 'https://octostore.io',
    keywords: ['distributed-lock', 'leader-election', 'fencing-token', 'lock-server', 'session', 'octostore'],
    bin: { octostore: 'dist/octostore.cjs' },
    files: ['dist', 'assets', '.env.example', 'CHANGELOG.md', 'THIRD-PARTY.txt'],
    engines,
    dependencies: { sqlite3: lockedVersion('sqlite3') },
  };
}

/** The version that the tests have run with. */
function lockedVersion(name) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return lock.packages[`node_modules/${name}`].version;
}

function copyInto(target, source) {
  mkdirSync(dirname(target), { recursive: true });
  cpSync(source, target);
}
