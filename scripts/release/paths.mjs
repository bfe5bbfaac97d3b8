import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Everything that is for users. */
export const release = join(root, 'release');

/** What the steps make for each other. */
export const work = join(root, 'build', 'release');

/** The server and the command line in one file, with the packages that they use. */
export const bundle = join(work, 'bundle', 'octostore.cjs');

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Debian's form of the version: before a release come its candidates, and after it the versions of the package itself. */
export const debianVersion = `${manifest.version.replace('-', '~')}-1`;

/** The files of the release. */
export const artefacts = {
  executable: join(release, 'octostore-linux-x64'),
  npm: join(release, `octostore-${manifest.version}.tgz`),
  debian: join(release, `octostore_${debianVersion}_amd64.deb`),
  sbom: join(release, `octostore-${manifest.version}.cdx.json`),
  licences: join(release, 'THIRD-PARTY.txt'),
  checksums: join(release, 'sha256sums'),
};
