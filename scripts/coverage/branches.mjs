import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../checks/paths.mjs';
import { EXCLUSIONS } from './exclusions.mjs';

/**
 * Returns the branches of a file that no test has reached, each with the line of code where it begins.
 *
 * @param file the data of Istanbul for the file
 */
export function missedBranches(path, file) {
  const source = readFileSync(join(root, path), 'utf8').split('\n');
  return Object.entries(file.b)
    .flatMap(([id, counts]) => missedOf(file.branchMap[id], counts))
    .toSorted((a, b) => a - b)
    .map((line) => ({ path, line, code: source[line - 1].trim() }));
}

/** The lines of the paths of one branch that no test took. An `else` that is not written has no location of its own. */
function missedOf({ loc, locations }, counts) {
  return locations
    .filter((_, index) => counts[index] === 0)
    .map(({ start }) => start?.line ?? loc.start.line);
}

/** The missed branches that no exclusion names, and the exclusions that name nothing missed. */
export function withoutExclusions(missed) {
  return {
    left: missed.filter((branch) => !EXCLUSIONS.some((exclusion) => names(exclusion, branch))),
    stale: EXCLUSIONS.filter((exclusion) => !missed.some((branch) => names(exclusion, branch))),
  };
}

function names(exclusion, { path, code }) {
  return path.startsWith(`${exclusion.path}.`) && code.startsWith(exclusion.code);
}
