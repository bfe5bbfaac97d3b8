import type { Patch } from '../../../lab/kit/server/test-build.js';

/** A deliberate bug in the compiled TypeScript SDK. */
export interface Bug extends Patch {
  readonly name: string;
  /** The scenarios that must each fail with it. */
  readonly foundBy: readonly string[];
}

/** A bug that replaces `find`, which occurs once in a file, with `replace`. */
export function bug(
  name: string,
  file: string,
  find: string,
  replace: string,
  foundBy: readonly string[],
): Bug {
  return { name, file, find, replace, foundBy };
}
