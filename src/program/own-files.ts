import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { getAsset, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';

/** Whether this is the single executable, which carries its files inside itself. */
export const isExecutable = isSea();

/** The folders of files that come with the program, besides its code. */
export type OwnFolder = 'console' | 'swagger-ui';

/** The names of all files that the executable carries. Not every Node can list them. */
const LIST_IN_EXECUTABLE = 'own-files.json';

/** Where a clone has them, relative to the folder of the package. A released package has all of them below `assets`. */
const IN_CLONE: Readonly<Record<OwnFolder, string>> = {
  console: 'console/dist',
  'swagger-ui': 'node_modules/swagger-ui-dist',
};

/**
 * Reads a file that comes with the program. Null if there is no such file. The name may contain `/`. Never pass a name from
 * outside unless you have checked that it does not contain `..`.
 */
export function readOwnFile(folder: OwnFolder, name: string): Buffer | null {
  if (isExecutable) return assetNamed(`${folder}/${name}`);
  const path = join(folderOf(folder), name);
  return existsSync(path) ? readFileSync(path) : null;
}

/** The names of all files in a folder, with `/` in between. None if there is no such folder. */
export function ownFileNames(folder: OwnFolder): readonly string[] {
  if (!isExecutable) return filesIn(folderOf(folder));
  const all = JSON.parse(requiredAsset(LIST_IN_EXECUTABLE).toString('utf8')) as readonly string[];
  return all.filter((name) => name.startsWith(`${folder}/`)).map((name) => name.slice(folder.length + 1));
}

/** The paths of all files in a folder and below, with `/` in between. None if it does not exist. Links are left out. */
export function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function folderOf(folder: OwnFolder): string {
  const released = join(packageFolder(), 'assets', folder);
  return existsSync(released) ? released : join(packageFolder(), IN_CLONE[folder]);
}

interface Manifest {
  readonly version: string;
  /** Where the program begins, relative to the folder of the package. */
  readonly bin: { readonly octostore: string };
}

/** The package.json of the program. */
export function readManifest(): Manifest {
  const file = isExecutable
    ? requiredAsset('package.json')
    : readFileSync(join(packageFolder(), 'package.json'));
  return JSON.parse(file.toString('utf8')) as Manifest;
}

/** The file that starts this program. There is none in the executable. In a bundle, it is this file. */
export function ownMain(): string {
  const self = fileURLToPath(import.meta.url);
  return /own-files\.[jt]s$/.test(self) ? join(packageFolder(), readManifest().bin.octostore) : self;
}

/** The compiled part of SQLite's driver, inside the executable. */
export function sqliteAddonInExecutable(): Buffer {
  return requiredAsset('node_sqlite3.node');
}

/** Loads a module from the packages that are installed with this one. */
export function requireInstalled(module: string): unknown {
  return createRequire(join(packageFolder(), 'package.json'))(module);
}

/** The folder of this package, wherever this file was built to. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

function requiredAsset(name: string): Buffer {
  const asset = assetNamed(name);
  if (asset === null) throw new Error(`${name} is missing in this executable`);
  return asset;
}

function assetNamed(name: string): Buffer | null {
  try {
    return Buffer.from(getAsset(name));
  } catch {
    return null;
  }
}
