import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { artefacts, release } from './paths.mjs';

export const checksumsStep = {
  name: 'checksums',
  what: 'The file sha256sums, for "sha256sum --check sha256sums"',
  run: async () => {
    const own = basename(artefacts.checksums);
    const files = readdirSync(release, { withFileTypes: true }).filter((entry) => entry.isFile());
    const names = files.map(({ name }) => name).filter((name) => name !== own);
    const lines = names.toSorted().map((name) => `${hashOf(join(release, name))}  ${name}\n`);
    writeFileSync(artefacts.checksums, lines.join(''));
  },
};

function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
