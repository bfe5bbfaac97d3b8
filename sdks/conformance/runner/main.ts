import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BUGS } from './bugs.js';
import { conform } from './conform.js';
import { LANGUAGES, languageOf } from './languages.js';
import { ROOT } from './root.js';
import { loadScenarios, type Scenario } from './scenario.js';
import { findBugs } from './find-bugs.js';

const SCENARIOS = join(ROOT, 'sdks/conformance/scenarios');

const USAGE = `Runs the conformance scenarios with SDKs against the real server.

  npm run conformance -- [--sdk name,name] [--only text,text] [--list] [--bugs]

  --sdk    the SDKs to test: ${LANGUAGES.join(', ')}. Default: all
    --only   runs the scenarios whose names contain one of these texts. With --bugs: the bugs that these scenarios must find
    --list   lists the scenarios and exits
    --bugs   runs the scenarios with deliberately broken SDKs, which must fail
`;

const { values } = parseArgs({
  options: {
    sdk: { type: 'string' },
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    bugs: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else if (values.list) list(chosenScenarios(values.only));
else {
  const scenarios = chosenScenarios(values.only);
  const isFine = await (values.bugs ? runWithBugs(scenarios) : runWithAll(values.sdk, scenarios));
  process.exitCode = isFine ? 0 : 1;
}

async function runWithBugs(scenarios: readonly Scenario[]): Promise<boolean> {
  const names = new Set(scenarios.map(({ name }) => name));
  const bugs = BUGS.filter(({ foundBy }) => foundBy.some((name) => names.has(name)));
  console.log(`${bugs.length} bugs`);
  const misses = await findBugs(bugs, loadScenarios(SCENARIOS), ({ bug, missedBy }) => {
    console.log(`  ${missedBy.length === 0 ? 'found ' : 'MISSED'} ${bug.name}`);
    if (missedBy.length > 0) console.log(`         by ${missedBy.join(', ')}`);
  });
  return misses === 0;
}

async function runWithAll(sdks: string | undefined, scenarios: readonly Scenario[]): Promise<boolean> {
  const failed = await conform((sdks?.split(',') ?? LANGUAGES).map(languageOf), scenarios);
  if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}`);
  return failed.length === 0;
}

function list(scenarios: readonly Scenario[]): void {
  for (const { name, about } of scenarios) console.log(`${name.padEnd(44)} ${about}`);
}

function chosenScenarios(only: string | undefined): Scenario[] {
  const texts = only?.split(',') ?? [''];
  const chosen = loadScenarios(SCENARIOS).filter(({ name }) => texts.some((text) => name.includes(text)));
  if (chosen.length === 0) throw new Error('There is no such scenario. Use --list to see all of them.');
  return chosen;
}
