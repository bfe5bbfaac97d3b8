import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { patched } from '../../../lab/kit/server/test-build.js';
import type { Bug } from './bug.js';
import { languageOf, MODEL } from './languages.js';
import { ROOT } from './root.js';
import type { Scenario } from './scenario.js';
import { withTestServer, runAll, type TestServer } from './suite.js';
import { build } from './tools.js';

/** The result for one bug. */
export interface BugResult {
  readonly bug: Bug;
  /** The scenarios that should have found it, but passed. */
  readonly missedBy: readonly string[];
}

const BUILT = join(ROOT, 'build/sdks/typescript');
const BROKEN = join(ROOT, 'build/sdks/broken');

/** How many bugs are tried in parallel. */
const CONCURRENCY = 8;

/** Runs, with each bug, the scenarios that must find it. Resolves with the number of missed bugs. */
export async function findBugs(
  bugs: readonly Bug[],
  scenarios: readonly Scenario[],
  onResult: (result: BugResult) => void,
): Promise<number> {
  build(languageOf(MODEL));
  const waiting = bugs.map((bug) => ({ bug, meant: meantFor(bug, scenarios) }));
  const missed: BugResult[] = [];
  const tryWaiting = async (testServer: TestServer): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const result = { bug: next.bug, missedBy: await passedDespite(next.bug, next.meant, testServer) };
      if (result.missedBy.length > 0) missed.push(result);
      else onResult(result);
    }
  };
  return withTestServer(async (testServer) => {
    await Promise.all(Array.from({ length: CONCURRENCY }, () => tryWaiting(testServer)));
    let misses = 0;
    // In parallel, the machine may be too slow to distinguish a late signal, so missed bugs are tried again alone.
    for (const { bug, missedBy } of missed) {
      const meant = scenarios.filter(({ name }) => missedBy.includes(name));
      const result = { bug, missedBy: await passedDespite(bug, meant, testServer) };
      if (result.missedBy.length > 0) misses += 1;
      onResult(result);
    }
    return misses;
  });
}

/** The scenarios that pass despite a bug. */
async function passedDespite(
  bug: Bug,
  scenarios: readonly Scenario[],
  testServer: TestServer,
): Promise<string[]> {
  const folder = join(BROKEN, bug.name.replaceAll(/[^a-z0-9]+/g, '-'));
  cpSync(BUILT, folder, { recursive: true });
  try {
    const { file, find, replace } = bug;
    writeFileSync(join(folder, file), patched(folder, { file, find, replace }));
    const driver = ['node', join(folder, 'conformance/driver.js')];
    const broken = { driver, folder, driverPerScenario: false };
    const results = await runAll(scenarios, broken, testServer, () => undefined);
    const hasPassed = (name: string): boolean =>
      results.some(({ scenario, problem }) => scenario === name && problem === null);
    return scenarios.map(({ name }) => name).filter(hasPassed);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function meantFor({ name, foundBy }: Bug, scenarios: readonly Scenario[]): Scenario[] {
  return foundBy.map((wanted) => {
    const scenario = scenarios.find((one) => one.name === wanted);
    if (scenario === undefined) throw new Error(`${name}: there is no scenario named ${wanted}`);
    return scenario;
  });
}
