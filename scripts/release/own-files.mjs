import { join } from 'node:path';
import { root } from './paths.mjs';

const SWAGGER_UI = join(root, 'node_modules', 'swagger-ui-dist');
const CONSOLE = join(root, 'console', 'dist');

/**
 * The files that the program reads besides its code, by the names that `src/program/own-files.ts` asks for, with the
 * paths that they have here.
 */
export async function ownFiles() {
  // Only the build knows them, and the parts of a release can be listed without one.
  const { DOCS_FILES } = await import('../../dist/openapi/docs-files.js');
  const { ownFileNames } = await import('../../dist/program/own-files.js');
  const files = [
    ...DOCS_FILES.map((name) => [`swagger-ui/${name}`, join(SWAGGER_UI, name)]),
    ...ownFileNames('console').map((name) => [`console/${name}`, join(CONSOLE, name)]),
  ];
  return Object.fromEntries(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
