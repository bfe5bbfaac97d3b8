import { fileURLToPath } from 'node:url';

/** Where the built console is. `console/dist` is two folders above this one, both in the source and in the build. */
export function consoleFolder(): string {
  return fileURLToPath(new URL('../../console/dist/', import.meta.url));
}
