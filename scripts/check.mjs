// What to run before a commit: format, lint, types, layers, the API document, and the specs that are fast or have changed. Takes less
// than two minutes on two processors. Goes on after a failure, and ends with what failed.
import { READING, SPECS } from './check/steps.mjs';
import { printDone, printFailures } from './steps/report.mjs';
import { runTogether } from './steps/run-together.mjs';

const begun = performance.now();
const done = [];
const note = (step) => {
  printDone(step);
  done.push(step);
};

await runTogether(READING, note);
// They use all processors themselves.
await runTogether([SPECS], note);
printFailures(done);
console.log(`\nTook ${((performance.now() - begun) / 1000).toFixed(0)} s.`);
