// The checks that take too long to run on every change: hours in all. Names select some of them, and --list lists them. Writes
// each result to docs/checked.md right away, with the time and the commit. Continues after a failure, and lists failures at the end.
import { addResult } from './checks/record.mjs';
import { CHECKS } from './checks/all.mjs';
import { printDone, printFailures } from './steps/report.mjs';

const names = process.argv.slice(2);
const unknown = names.filter((name) => !CHECKS.some((check) => check.name === name));

if (names.includes('--list') || unknown.length > 0) {
  for (const { name, what } of CHECKS) console.log(`${name.padEnd(20)} ${what}`);
  process.exitCode = names.includes('--list') ? 0 : 1;
} else await runAll(CHECKS.filter(({ name }) => names.length === 0 || names.includes(name)));

async function runAll(checks) {
  const done = [];
  for (const check of checks) {
    const result = await runCheck(check);
    addResult(result);
    printDone(result);
    done.push(result);
  }
  printFailures(done);
}

async function runCheck(check) {
  const begun = performance.now();
  const output = await failureOf(async () => check.run());
  const seconds = (performance.now() - begun) / 1000;
  return { ...check, version: versionOf(check), passed: output === null, output, seconds };
}

function failureOf(action) {
  return action().then(
    () => null,
    (error) => error.message,
  );
}

function versionOf(check) {
  try {
    return check.version();
  } catch {
    return 'not installed';
  }
}
