import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { patched } from '../../../lab/kit/server/test-build.js';
import type { Bug } from './bugs.js';
import { languageOf, MODEL } from './languages.js';
import { ROOT } from './root.js';
import type { Scenario } from './scenario.js';
import { onGrounds, playAll, type Grounds } from './suite.js';
import { build } from './workshop.js';

/** What came of one bug. */
export interface Catch {
  readonly bug: Bug;
  /** The scenarios meant for it that it went through. */
  readonly missedBy: readonly string[];
}

const BUILT = join(ROOT, 'build/sdks/typescript');
const BROKEN = join(ROOT, 'build/sdks/broken');

/** Bugs that are hunted at the same time. */
const CONCURRENCY = 8;

/** Plays with each bug the scenarios meant for it. Resolves with how many bugs were missed. */
export async function huntAll(
  bugs: readonly Bug[],
  scenarios: readonly Scenario[],
  tell: (result: Catch) => void,
): Promise<number> {
  build(languageOf(MODEL));
  const waiting = bugs.map((bug) => ({ bug, meant: meantFor(bug, scenarios) }));
  const missed: Catch[] = [];
  const huntWaiting = async (grounds: Grounds): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const result = { bug: next.bug, missedBy: await survivors(next.bug, next.meant, grounds) };
      if (result.missedBy.length > 0) missed.push(result);
      else tell(result);
    }
  };
  return onGrounds(async (grounds) => {
    await Promise.all(Array.from({ length: CONCURRENCY }, () => huntWaiting(grounds)));
    let misses = 0;
    // Beside seven others the machine may be too late to tell a late signal from one in time.
    for (const { bug, missedBy } of missed) {
      const meant = scenarios.filter(({ name }) => missedBy.includes(name));
      const result = { bug, missedBy: await survivors(bug, meant, grounds) };
      if (result.missedBy.length > 0) misses += 1;
      tell(result);
    }
    return misses;
  });
}

/** The scenarios that a bug goes through as if it were none. */
async function survivors(bug: Bug, scenarios: readonly Scenario[], grounds: Grounds): Promise<string[]> {
  const folder = join(BROKEN, bug.name.replaceAll(/[^a-z0-9]+/g, '-'));
  cpSync(BUILT, folder, { recursive: true });
  try {
    const { file, find, replace } = bug;
    writeFileSync(join(folder, file), patched(folder, { file, find, replace }));
    const driver = ['node', join(folder, 'conformance/driver.js')];
    const broken = { driver, folder, driverPerScenario: false };
    const verdicts = await playAll(scenarios, broken, grounds, () => undefined);
    const isSurvivor = (name: string): boolean =>
      verdicts.some(({ scenario, problem }) => scenario === name && problem === null);
    return scenarios.map(({ name }) => name).filter(isSurvivor);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function meantFor({ name, foundBy }: Bug, scenarios: readonly Scenario[]): Scenario[] {
  return foundBy.map((wanted) => {
    const scenario = scenarios.find((one) => one.name === wanted);
    if (scenario === undefined) throw new Error(`${name}: there is no scenario called ${wanted}`);
    return scenario;
  });
}
