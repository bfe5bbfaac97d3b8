import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BUILT_MAIN } from '../server/built-server.js';

/** A change to one file of the built program. */
export interface Patch {
  /** Below `dist`. */
  readonly file: string;
  /** Must be there exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A copy of the built program with some changes. Remove it when it is no longer needed. */
export class TestBuild {
  readonly #folder = mkdtempSync(join(tmpdir(), 'octostore-bug-'));

  constructor(patches: readonly Patch[]) {
    const dist = dirname(BUILT_MAIN);
    const root = dirname(dist);
    cpSync(dist, join(this.#folder, 'dist'), { recursive: true, filter: isProgram });
    cpSync(join(root, 'package.json'), join(this.#folder, 'package.json'));
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
    for (const patch of patches) this.#apply(patch);
  }

  get main(): string {
    return join(this.#folder, 'dist', 'main.js');
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #apply({ file, find, replace }: Patch): void {
    const path = join(this.#folder, 'dist', file);
    const parts = readFileSync(path, 'utf8').split(find);
    if (parts.length !== 2) {
      this.remove();
      throw new Error(`${file} has ${parts.length - 1} places like this one, not 1:\n${find}`);
    }
    writeFileSync(path, parts.join(replace));
  }
}

function isProgram(path: string): boolean {
  return !path.endsWith('.map');
}
