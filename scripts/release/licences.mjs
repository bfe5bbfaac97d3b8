import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseNode } from './base-node.mjs';
import { bundledPackages } from './bundle.mjs';
import { packageIn } from './packages.mjs';
import { artefacts, root } from './paths.mjs';

/** Licences that ask for no more than their own text. Any other one needs a decision of a person. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
  'Zlib',
]);

/** Packages whose package.json names no licence, with the one in their Readme. */
const NAMED_IN_README = { 'pause@0.0.1': 'MIT' };

/** Packages whose files are served or loaded as they are, and so are not part of the bundle. */
const BESIDE_THE_BUNDLE = ['node_modules/swagger-ui-dist', 'node_modules/sqlite3'];

const PUBLIC_DOMAIN = `SQLite is in the public domain. See https://sqlite.org/copyright.html.`;

export const licencesStep = {
  name: 'licences',
  what: 'The licences of everything inside. Fails if one is unknown or not permissive',
  needs: ['base-node', 'bundle'],
  run: async () => {
    const packages = releasedPackages();
    refuseOthers(packages);
    const sections = [
      'This file lists the software that is distributed inside OctoStore, with its licences.',
      section(
        'Node.js, in the executable and in the packages that contain it',
        readFileSync(baseNode.licence, 'utf8'),
      ),
      section('SQLite, in the package sqlite3', PUBLIC_DOMAIN),
      ...packages.map((one) => section(`${one.name} ${one.version} (${licenceOf(one)})`, textOf(one))),
    ];
    writeFileSync(artefacts.licences, sections.join('\n'));
  },
};

/** The packages whose files are in the release. */
export function releasedPackages() {
  const bundled = JSON.parse(readFileSync(bundledPackages, 'utf8'));
  const beside = BESIDE_THE_BUNDLE.filter((folder) => !bundled.some((one) => one.folder === folder));
  return [...bundled, ...beside.map(packageIn)].filter(({ name }) => !name.startsWith('@octostore/'));
}

/** The SPDX expression of a package. */
export function licenceOf({ name, version, license }) {
  return license ?? NAMED_IN_README[`${name}@${version}`] ?? 'unknown';
}

/** Throws unless all licences are permissive. */
export function refuseOthers(packages) {
  const refused = packages.filter((one) => !isPermissive(licenceOf(one)));
  if (refused.length === 0) return;
  const list = refused.map((one) => `  ${one.name} ${one.version}: ${licenceOf(one)}`).join('\n');
  throw new Error(`These packages have licences that were not allowed before:\n${list}`);
}

/** Whether one of the alternatives is permissive. Of licences that apply together, all must be. */
function isPermissive(expression) {
  return expression
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((alternative) => alternative.split(' AND ').every((licence) => PERMISSIVE.has(licence)));
}

function textOf({ folder }) {
  const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  return (
    files.map((file) => readFileSync(join(root, folder, file), 'utf8')).join('\n') ||
    'The package contains no text of its licence.'
  );
}

function section(title, text) {
  return `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${text.trim()}\n`;
}
