// Measures which code of src the tests reach. Fails if they miss a branch of src/core, src/store or src/access that
// scripts/coverage/exclusions.mjs does not name, or too many lines overall. To measure only some specs, name them.
import { missedBranches, withoutExclusions } from './coverage/branches.mjs';
import { countLines } from './coverage/lines.mjs';
import { measure } from './coverage/measure.mjs';

/** The tests must reach every branch of these folders. */
const STRICT = /^src\/(core|store|access)\//;
/** The share of all counted lines that the tests must reach. */
const LINES_MIN_PERCENT = 95;
/**
 * These do not count in the total. Their tests start the built program as a separate process, and coverage is measured only in the
 * process of the tests.
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
