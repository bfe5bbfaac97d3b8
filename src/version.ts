import { readFileSync } from 'node:fs';

/** The version in package.json. That file is one folder above this one, both in the source and in the build. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
