import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const document = join(root, 'openapi.yaml');

/** The folder of the program that uses a generated client. */
export const userOf = (language) => join(root, 'test', 'generators', language);

/** Creates an empty folder for a check. */
export function workshop(name) {
  const folder = join(root, 'build', 'checks', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
