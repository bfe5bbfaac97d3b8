import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BUILT_MAIN } from './built-main.js';

const DIST = dirname(BUILT_MAIN);

/** A text replacement in one file of the built program. */
export interface Patch {
  /** Relative to the folder of the built program. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A copy of the built program with some patches. Call `remove` when you no longer need it. */
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

/** Throws unless every patch applies to the built program. */
export function expectPatchesApply(patches: readonly Patch[]): void {
  for (const patch of patches) patched(DIST, patch);
}

/** The patched text of a file in `folder`. Throws unless the text to find occurs exactly once. */
export function patched(folder: string, { file, find, replace }: Patch): string {
  const parts = readFileSync(join(folder, file), 'utf8').split(find);
  if (parts.length !== 2)
    throw new Error(`${file} has ${parts.length - 1} occurrences of this text, not 1:\n${find}`);
  return parts.join(replace);
}

function isProgram(path: string): boolean {
  return !path.endsWith('.map');
}
