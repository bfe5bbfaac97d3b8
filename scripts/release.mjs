// Makes everything that is released, into release/. --only NAME,NAME makes a part of it, with what that needs, and --list lists
// the parts.
import { parseArgs } from 'node:util';
import { STEPS } from './release/all.mjs';
import { makeSteps, withNeeds } from './release/steps.mjs';

const { values } = parseArgs({
  options: { only: { type: 'string' }, list: { type: 'boolean', default: false } },
});
const names = values.only?.split(',') ?? STEPS.map(({ name }) => name);
const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));

if (values.list || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no part called ${unknown.join(', ')}. The parts are:`);
  for (const { name, what } of STEPS) console.log(`${name.padEnd(12)} ${what}`);
  process.exitCode = values.list ? 0 : 1;
} else await makeSteps(withNeeds(STEPS, names));
