import { build } from 'esbuild';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { packagesOf } from './packages.mjs';
import { bundle, root, work } from './paths.mjs';

/** Which packages are inside, with their folders. */
export const bundledPackages = join(work, 'bundle', 'packages.json');

/**
 * Packages that others load only if a program installs and uses them: other transports, other databases. This program does
 * not, so the bundle does not have them. If something else asked for one, it would be missing in an installation, so the test
 * of the bundle loads every module.
 */
const NEVER_LOADED = [
  '@fastify/static',
  '@google-cloud/spanner',
  '@nestjs/microservices',
  '@nestjs/websockets',
  '@sap/hana-client',
  'better-sqlite3',
  'class-transformer',
  'expo-sqlite',
  'ioredis',
  'mongodb',
  'mssql',
  'mysql',
  'mysql2',
  'oracledb',
  'pg-native',
  'pg-query-stream',
  'react-native-sqlite-storage',
  'redis',
  'sql.js',
  'supports-color',
  'typeorm-aurora-data-api-driver',
];

/** The compiled part of SQLite's driver is no JavaScript, so the program itself knows where it is. */
const sqliteAddon = {
  name: 'sqlite-addon',
  setup({ onLoad }) {
    const loader = JSON.stringify(join(root, 'dist', 'program', 'sqlite-addon.js'));
    const contents = `module.exports = require(${loader}).loadSqliteAddon();`;
    onLoad({ filter: /sqlite3\/lib\/sqlite3-binding\.js$/ }, () => ({ contents, resolveDir: root }));
  },
};

const OPTIONS = {
  entryPoints: [join(root, 'dist', 'main.js')],
  outfile: bundle,
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // The single executable starts CommonJS only.
  format: 'cjs',
  banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': '__bundleUrl' },
  // Nest finds providers by their classes, TypeORM names migrations after them, and logs show them.
  keepNames: true,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  sourcemap: 'linked',
  sourcesContent: false,
  external: NEVER_LOADED.flatMap((name) => [name, `${name}/*`]),
  plugins: [sqliteAddon],
  metafile: true,
  logLevel: 'warning',
};

export const bundleStep = {
  name: 'bundle',
  what: 'The program in one file, for the other steps',
  run: makeBundle,
};

/** Bundles what `nest build` has written: esbuild does not know the metadata that Nest and TypeORM read. */
async function makeBundle() {
  rmSync(join(work, 'bundle'), { recursive: true, force: true });
  mkdirSync(join(work, 'bundle'), { recursive: true });
  const { metafile } = await build(OPTIONS);
  refuseUnknownExternals(metafile);
  const packages = packagesOf(Object.keys(metafile.inputs));
  refuseDevelopmentTools(packages);
  writeFileSync(bundledPackages, JSON.stringify(packages, null, 2));
}

/** esbuild does not complain about a `require` of a missing package within `try`. Each must be one that we know about. */
function refuseUnknownExternals({ outputs }) {
  const imports = Object.values(outputs).flatMap((output) => output.imports.map(({ path }) => path));
  const unknown = imports.filter((path) => !isBuiltin(path) && !isNeverLoaded(path));
  if (unknown.length > 0)
    throw new Error(
      `The bundle loads packages that it does not contain: ${[...new Set(unknown)].join(', ')}`,
    );
}

function refuseDevelopmentTools(packages) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const tools = packages.filter(({ folder }) => lock.packages[folder]?.dev === true);
  if (tools.length > 0)
    throw new Error(`The bundle contains development tools: ${tools.map(({ name }) => name).join(', ')}`);
}

function isBuiltin(path) {
  return path.startsWith('node:') || builtinModules.includes(path);
}

function isNeverLoaded(path) {
  return NEVER_LOADED.some((name) => path === name || path.startsWith(`${name}/`));
}
