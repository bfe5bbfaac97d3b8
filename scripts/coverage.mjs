// Which code of src the tests reach. Fails if they miss a branch of src/core, src/store or src/access that
// scripts/coverage/exclusions.mjs does not name, or too many lines of the rest. Names of specs select some, to look at a part.
import { missedBranches, withoutExclusions } from './coverage/branches.mjs';
import { countLines } from './coverage/lines.mjs';
import { measure } from './coverage/measure.mjs';

/** Every branch of these must be reached. */
const STRICT = /^src\/(core|store|access)\//;
/** Of all lines that count. */
const LINES_MIN_PERCENT = 95;
/**
 * These do not count in the whole, because their tests start the built program as a process of its own, and coverage is measured in
 * the process of the tests.
 */
const IN_OTHER_PROCESSES = /^src\/(cli\/|bench\/|main\.ts|process\/)/;

const coverage = await measure(process.argv.slice(2));
const failures = [branchFailures(), lineFailures()].flat();
for (const failure of failures) console.log(failure);
process.exitCode = failures.length === 0 ? 0 : 1;

function branchFailures() {
  const strict = [...coverage].filter(([path]) => STRICT.test(path));
  const missed = strict.flatMap(([path, file]) => missedBranches(path, file));
  const { left, stale } = withoutExclusions(missed);
  console.log(
    `Branches of src/core, src/store and src/access: ${missed.length - left.length} excluded, ${left.length} missed`,
  );
  return [
    ...left.map(({ path, line, code }) => `missed: ${path}:${line} ${code}`),
    ...stale.map(({ path, code }) => `excluded, but reached or gone: ${path} ${code}`),
  ];
}

function lineFailures() {
  const counted = [...coverage].filter(([path]) => !IN_OTHER_PROCESSES.test(path)).map(([, file]) => file);
  const { reached, all } = countLines(counted);
  const percent = (100 * reached) / all;
  console.log(`Lines: ${percent.toFixed(2)} % of ${all}`);
  return percent >= LINES_MIN_PERCENT ? [] : [`Lines: less than ${LINES_MIN_PERCENT} %`];
}
