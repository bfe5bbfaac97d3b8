import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BUGS } from './bugs.js';
import { LANGUAGES, languageOf, type Language } from './languages.js';
import { ROOT } from './root.js';
import { loadScenarios, type Scenario } from './scenario.js';
import { huntAll } from './hunt.js';
import { environmentOf, onGrounds, playAll, type Verdict } from './suite.js';
import { build, equip, test } from './workshop.js';

const SCENARIOS = join(ROOT, 'sdks/conformance/scenarios');

const USAGE = `Plays the conformance scenarios with SDKs against the real server.

  npm run conformance -- [--sdk name,name] [--only text,text] [--list] [--bugs]

  --sdk    which SDKs: ${LANGUAGES.join(', ')}; all of them by default
  --only   scenarios whose names contain one of these texts
  --list   the scenarios, without playing them
  --bugs   plays them with SDKs into which bugs were put, which they must find
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
else
  process.exitCode = (await (values.bugs ? hunt() : conform(values.sdk, chosenScenarios(values.only))))
    ? 0
    : 1;

async function hunt(): Promise<boolean> {
  console.log(`${BUGS.length} bugs`);
  const misses = await huntAll(BUGS, loadScenarios(SCENARIOS), ({ bug, missedBy }) => {
    console.log(`  ${missedBy.length === 0 ? 'found ' : 'MISSED'} ${bug.name}`);
    if (missedBy.length > 0) console.log(`         by ${missedBy.join(', ')}`);
  });
  return misses === 0;
}

async function conform(sdks: string | undefined, scenarios: readonly Scenario[]): Promise<boolean> {
  const ill: string[] = [];
  for (const name of sdks?.split(',') ?? LANGUAGES) {
    try {
      if (!(await conformOne(languageOf(name), scenarios))) ill.push(name);
    } catch (error) {
      console.error(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
      ill.push(name);
    }
  }
  if (ill.length > 0) console.log(`Not as they should be: ${ill.join(', ')}`);
  return ill.length === 0;
}

async function conformOne(language: Language, scenarios: readonly Scenario[]): Promise<boolean> {
  const { name } = language;
  equip(language);
  build(language);
  const startedAt = Date.now();
  const verdicts = await onGrounds((grounds) => {
    test(language, environmentOf(grounds));
    console.log(`${name}: ${scenarios.length} scenarios`);
    return playAll(scenarios, language, grounds, tell);
  });
  const failed = verdicts.filter(({ problem }) => problem !== null).length;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`${name}: ${verdicts.length - failed} passed, ${failed} failed, ${seconds} s\n`);
  return failed === 0;
}

function tell({ scenario, problem, seconds, playings }: Verdict): void {
  const often = playings === 1 ? '' : `, playing ${playings}, since the machine was busy`;
  console.log(`  ${problem === null ? 'ok    ' : 'FAILED'} ${scenario} (${seconds.toFixed(1)} s${often})`);
  if (problem !== null) console.log(`         ${problem}`);
}

function list(scenarios: readonly Scenario[]): void {
  for (const { name, about } of scenarios) console.log(`${name.padEnd(44)} ${about}`);
}

function chosenScenarios(only: string | undefined): Scenario[] {
  const texts = only?.split(',') ?? [''];
  const chosen = loadScenarios(SCENARIOS).filter(({ name }) => texts.some((text) => name.includes(text)));
  if (chosen.length === 0) throw new Error('There is no such scenario.');
  return chosen;
}
