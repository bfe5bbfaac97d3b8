// Run this before a commit. It checks format, lint, types, layers and the API document, and runs the specs that are fast or have
// changed. It takes less than two minutes on two processors. After a failure it continues, and lists what failed at the end.
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
// Vitest uses all processors itself.
await runTogether([SPECS], note);
printFailures(done);
console.log(`\nTook ${((performance.now() - begun) / 1000).toFixed(0)} s.`);
