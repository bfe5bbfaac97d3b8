import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BUILT_MAIN } from '../../../src/bench/server/server-process.js';

const DIST = dirname(BUILT_MAIN);

/** A change to one file of the built program. */
export interface Patch {
  /** Below the folder of the program. */
  readonly file: string;
  /** Must be there exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A copy of the built program with some changes. Remove it when it is no longer needed. */
export class TestBuild {
  readonly #folder = mkdtempSync(join(tmpdir(), 'octostore-bug-'));

  constructor(patches: readonly Patch[]) {
    const root = dirname(DIST);
    cpSync(DIST, this.#dist, { recursive: true, filter: isProgram });
    cpSync(join(root, 'package.json'), join(this.#folder, 'package.json'));
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
    for (const patch of patches) writeFileSync(join(this.#dist, patch.file), patched(this.#dist, patch));
  }

  get main(): string {
    return join(this.#dist, 'main.js');
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #dist(): string {
    return join(this.#folder, 'dist');
  }
}

/** Throws unless each change has its one place in the built program. */
export function expectPlaces(patches: readonly Patch[]): void {
  for (const patch of patches) patched(DIST, patch);
}

/** The text of a file below `folder` with a change. Throws unless the change has exactly one place in it. */
export function patched(folder: string, { file, find, replace }: Patch): string {
  const parts = readFileSync(join(folder, file), 'utf8').split(find);
  if (parts.length !== 2)
    throw new Error(`${file} has ${parts.length - 1} places like this one, not 1:\n${find}`);
  return parts.join(replace);
}

function isProgram(path: string): boolean {
  return !path.endsWith('.map');
}
