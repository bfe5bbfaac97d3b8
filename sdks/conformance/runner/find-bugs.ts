import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { patched } from '../../../lab/kit/server/test-build.js';
import type { Bug } from './bug.js';
import { languageOf, MODEL } from './languages.js';
import { Lateness } from './lateness.js';
import { ROOT } from './root.js';
import type { Scenario } from './scenario.js';
import { Slots } from './slots.js';
import { type ROUNDS, Suite, type Result } from './suite.js';
import { withTestServer, type TestServer } from './test-server.js';
import { build } from './tools.js';

/** The result for one bug. */
export interface BugResult {
  readonly bug: Bug;
  /** The scenarios that should have found it, but passed. */
  readonly missedBy: readonly string[];
}

/**
 * How many bugs are tried at the same time, in each round. A broken SDK has a process of its own, and all of its scenarios fail, so with more of
 * them the machine is too busy to say why.
 */
const BUG_ROUNDS = [12, 4, 1] as const satisfies { length: (typeof ROUNDS)['length'] };

const BUILT = join(ROOT, 'build/sdks/typescript');
const BROKEN = join(ROOT, 'build/sdks/broken');

/** A bug, and the scenarios that have not certainly failed with it yet. */
interface Trying {
  readonly bug: Bug;
  readonly left: readonly Scenario[];
}

/** Runs, with each bug, the scenarios that must find it. Resolves with the number of missed bugs. */
export async function findBugs(
  bugs: readonly Bug[],
  scenarios: readonly Scenario[],
  onResult: (result: BugResult) => void,
): Promise<number> {
  await build(languageOf(MODEL), (text) => process.stdout.write(text));
  const lateness = new Lateness();
  try {
    return await withTestServer(async (testServer) => {
      let trying: Trying[] = bugs.map((bug) => ({ bug, left: meantFor(bug, scenarios) }));
      for (const [before, concurrency] of BUG_ROUNDS.entries()) {
        const [tries, slots] = [new Slots(concurrency), new Slots(concurrency)];
        const tryOne = async (one: Trying): Promise<Trying> => {
          const after = await triedAgain(one, before + 1, slots, testServer, lateness);
          if (after.left.length === 0) onResult({ bug: one.bug, missedBy: [] });
          return after;
        };
        const tried = await Promise.all(trying.map((one) => tries.run(() => tryOne(one))));
        trying = tried.filter(({ left }) => left.length > 0);
      }
      for (const { bug, left } of trying) onResult({ bug, missedBy: left.map(({ name }) => name) });
      return trying.length;
    });
  } finally {
    lateness.stop();
  }
}

/** Runs the scenarios that are left. If one passes, the machine may just be too slow to distinguish a late signal. */
async function triedAgain(
  { bug, left }: Trying,
  round: number,
  slots: Slots,
  testServer: TestServer,
  lateness: Lateness,
): Promise<Trying> {
  const folder = join(BROKEN, bug.name.replaceAll(/[^a-z0-9]+/g, '-'));
  // Without blocking: timers that are late while a folder is copied would make every scenario that runs then run again.
  await cp(BUILT, folder, { recursive: true });
  try {
    const { file, find, replace } = bug;
    await writeFile(join(folder, file), patched(folder, { file, find, replace }));
    const driver = ['node', join(folder, 'conformance/driver.js')];
    const suite = new Suite({ driver, folder, driverPerScenario: false }, testServer, lateness);
    const failed = new Set<string>();
    const onResult = ({ scenario, problem }: Result): void => {
      if (problem !== null) failed.add(scenario);
    };
    await suite.run(left, round, slots, onResult);
    await suite.end(onResult);
    return { bug, left: left.filter(({ name }) => !failed.has(name)) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function meantFor({ name, foundBy }: Bug, scenarios: readonly Scenario[]): Scenario[] {
  return foundBy.map((wanted) => {
    const scenario = scenarios.find((one) => one.name === wanted);
    if (scenario === undefined) throw new Error(`${name}: there is no scenario named ${wanted}`);
    return scenario;
  });
}
