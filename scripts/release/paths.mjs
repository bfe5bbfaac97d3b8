import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Everything that is for users. */
export const release = join(root, 'release');

/** What the steps make for each other. */
export const work = join(root, 'build', 'release');

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The files of the release. */
export const artefacts = {
  executable: join(release, 'octostore-linux-x64'),
  npm: join(release, `octostore-${manifest.version}.tgz`),
  debian: join(release, `octostore_${manifest.version}_amd64.deb`),
  sbom: join(release, `octostore-${manifest.version}.cdx.json`),
  licences: join(release, 'THIRD-PARTY.txt'),
  checksums: join(release, 'sha256sums'),
};
