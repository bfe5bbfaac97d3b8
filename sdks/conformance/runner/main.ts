import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LANGUAGES, type Language } from './languages.js';
import { ROOT } from './root.js';
import { loadScenarios, type Scenario } from './scenario.js';
import { playAll, type Verdict } from './suite.js';

const SCENARIOS = join(ROOT, 'sdks/conformance/scenarios');

const USAGE = `Plays the conformance scenarios with SDKs against the real server.

  npm run conformance -- [--sdk name,name] [--only text,text] [--list]

  --sdk    which SDKs: ${Object.keys(LANGUAGES).join(', ')}; all of them by default
  --only   scenarios whose names contain one of these texts
  --list   the scenarios, without playing them
`;

const { values } = parseArgs({
  options: {
    sdk: { type: 'string' },
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else if (values.list) list(chosenScenarios(values.only));
else process.exitCode = (await conform(values.sdk, chosenScenarios(values.only))) ? 0 : 1;

async function conform(sdks: string | undefined, scenarios: readonly Scenario[]): Promise<boolean> {
  let areAllWell = true;
  for (const name of sdks?.split(',') ?? Object.keys(LANGUAGES)) {
    const language = LANGUAGES[name];
    if (language === undefined) throw new Error(`There is no SDK called ${name}.\n${USAGE}`);
    if (!(await conformOne(name, language, scenarios))) areAllWell = false;
  }
  return areAllWell;
}

async function conformOne(
  name: string,
  language: Language,
  scenarios: readonly Scenario[],
): Promise<boolean> {
  console.log(`${name}: ${scenarios.length} scenarios`);
  for (const [program = '', ...args] of language.build ?? []) {
    execFileSync(program, args, { cwd: ROOT, stdio: 'inherit' });
  }
  const startedAt = Date.now();
  const verdicts = await playAll(scenarios, language, ROOT, tell);
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
