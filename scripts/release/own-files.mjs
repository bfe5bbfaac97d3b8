import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const SWAGGER_UI = join(root, 'node_modules', 'swagger-ui-dist');
const CONSOLE = join(root, 'console', 'dist');

const SWAGGER_UI_FILES = [
  'favicon-16x16.png',
  'favicon-32x32.png',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'swagger-ui.css',
];

/**
 * The files that the program reads besides its code, by the names that `src/program/own-files.ts` asks for, with the
 * paths that they have here.
 */
export function ownFiles() {
  const files = SWAGGER_UI_FILES.map((name) => [`swagger-ui/${name}`, join(SWAGGER_UI, name)]);
  if (existsSync(CONSOLE))
    for (const entry of readdirSync(CONSOLE, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) files.push([`console/${path.slice(CONSOLE.length + 1)}`, path]);
    }
  return Object.fromEntries(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
