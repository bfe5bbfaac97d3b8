import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BUGS } from './bugs.js';
import { LANGUAGES, languageOf, type Language } from './languages.js';
import { ROOT } from './root.js';
import { divided } from './capabilities.js';
import { loadScenarios, type Scenario } from './scenario.js';
import { findBugs } from './find-bugs.js';
import { environmentOf, withTestServer, runAll, type Result } from './suite.js';
import { build, installTools, test } from './tools.js';

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
  const isFine = await (values.bugs ? runWithBugs(scenarios) : conform(values.sdk, scenarios));
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

async function conform(sdks: string | undefined, scenarios: readonly Scenario[]): Promise<boolean> {
  const failed: string[] = [];
  for (const name of sdks?.split(',') ?? LANGUAGES) {
    try {
      if (!(await conformOne(languageOf(name), scenarios))) failed.push(name);
    } catch (error) {
      console.error(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
      failed.push(name);
    }
  }
  if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}`);
  return failed.length === 0;
}

async function conformOne(language: Language, scenarios: readonly Scenario[]): Promise<boolean> {
  const { name } = language;
  installTools(language);
  build(language);
  const { possible, beyond } = divided(scenarios, language);
  const startedAt = Date.now();
  const results = await withTestServer((testServer) => {
    test(language, environmentOf(testServer));
    console.log(`${name}: ${scenarios.length} scenarios`);
    for (const scenario of beyond) printBeyond(scenario);
    return runAll(possible, language, testServer, printResult);
  });
  const failed = results.filter(({ problem }) => problem !== null).length;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const notYet = beyond.length === 0 ? '' : `, ${beyond.length} not supported yet`;
  console.log(`${name}: ${results.length - failed} passed, ${failed} failed${notYet}, ${seconds} s\n`);
  return failed === 0;
}

function printBeyond({ name, needs }: Scenario): void {
  console.log(`  not yet ${name} (needs ${needs})`);
}

function printResult({ scenario, problem, seconds, runs }: Result): void {
  const note = runs === 1 ? '' : `, run ${runs}, since the machine was busy`;
  console.log(`  ${problem === null ? 'ok    ' : 'FAILED'} ${scenario} (${seconds.toFixed(1)} s${note})`);
  if (problem !== null) console.log(`         ${problem}`);
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
