import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './paths.mjs';

/** The packages that these files are from, sorted by name. The repository itself is none of them. */
export function packagesOf(files) {
  const folders = new Set(files.filter((file) => file.includes('node_modules/')).map(folderOf));
  return [...folders]
    .map(packageIn)
    .toSorted((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

/** The package in a folder, relative to the root of the repository. */
export function packageIn(folder) {
  const { name, version, license, licenses } = JSON.parse(
    readFileSync(join(root, folder, 'package.json'), 'utf8'),
  );
  return { name, version, license: license ?? oldStyle(licenses), folder };
}

/** Old packages list alternatives. Undefined if there are none. */
function oldStyle(licenses) {
  return licenses?.map(({ type }) => type).join(' OR ');
}

/** The nearest folder above the file that has a package.json with a name. */
function folderOf(file) {
  let folder = dirname(join(root, file));
  while (!isPackage(folder)) folder = dirname(folder);
  return relative(root, folder);
}

function isPackage(folder) {
  const path = join(folder, 'package.json');
  return existsSync(path) && 'version' in JSON.parse(readFileSync(path, 'utf8'));
}

function compare(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
