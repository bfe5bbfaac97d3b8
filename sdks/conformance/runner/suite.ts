import { withServer, type BuiltServer } from '../../../lab/kit/server/built-server.js';
import { nowMs } from '../../../src/process/time.js';
import { Driver } from './driver.js';
import type { Language } from './languages.js';
import { Lateness } from './lateness.js';
import { runScenario } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import { findSecret, tokenOf } from './secrets.js';
import {
  ENVIRONMENT_USER,
  SERVER_SETTINGS,
  ScenarioRun,
  userNumbers,
  type SharedResources,
} from './scenario-run.js';

export interface Result {
  readonly scenario: string;
  /** Null if it passed. */
  readonly problem: string | null;
  readonly seconds: number;
  readonly runs: number;
}

/** How many scenarios run in parallel. */
const CONCURRENCY = 8;

/** If a scenario fails while timers are later than this, it is repeated alone. */
const LATE_MS = 40;
const RUNS_MAX = 3;

/** What all scenarios of an invocation share. */
export interface TestServer {
  readonly server: BuiltServer;
  readonly lateness: Lateness;
  readonly nextUser: () => number;
}

/** Runs `use` with a server for the scenarios that do not need their own. */
export async function withTestServer<T>(use: (testServer: TestServer) => Promise<T>): Promise<T> {
  const lateness = new Lateness();
  try {
    return await withServer(SERVER_SETTINGS, (server) => use({ server, lateness, nextUser: userNumbers() }));
  } finally {
    lateness.stop();
  }
}

/** The address of the shared server and the tokens of two users, for a driver and for an SDK's own tests. */
export function environmentOf({ server }: TestServer): Readonly<Record<string, string>> {
  return {
    OCTOSTORE_BASE_URL: server.url,
    OCTOSTORE_TOKEN: tokenOf('same', ENVIRONMENT_USER),
    OCTOSTORE_OTHER_TOKEN: tokenOf('other', ENVIRONMENT_USER),
  };
}

/** Runs scenarios with one SDK, and reports each result as soon as it is known. */
export async function runAll(
  scenarios: readonly Scenario[],
  { driver: command, folder, driverPerScenario }: Pick<Language, 'driver' | 'folder' | 'driverPerScenario'>,
  testServer: TestServer,
  onResult: (result: Result) => void,
): Promise<Result[]> {
  const { server, lateness, nextUser } = testServer;
  const newDriver: SharedResources['newDriver'] = (more) =>
    new Driver(command, folder, { ...environmentOf(testServer), ...more });
  const driver = driverPerScenario ? null : newDriver({});
  const results = await runShared(scenarios, { server, newDriver, driver, nextUser }, lateness, onResult);
  const last = await resultOfEnd(driver);
  onResult(last);
  return [...results, last];
}

async function runShared(
  scenarios: readonly Scenario[],
  shared: SharedResources,
  lateness: Lateness,
  onResult: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  const again: Scenario[] = [];
  const decide = (result: Result): void => {
    results.push(result);
    onResult(result);
  };
  const waiting = [...scenarios];
  const runWaiting = async (): Promise<void> => {
    for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
      const startMs = nowMs();
      const result = await runOnce(scenario, shared, 1);
      if (result.problem !== null && lateness.since(startMs) > LATE_MS) again.push(scenario);
      else decide(result);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, runWaiting));
  for (const scenario of again) decide(await runAgain(scenario, shared, lateness));
  return results;
}

async function runAgain(scenario: Scenario, shared: SharedResources, lateness: Lateness): Promise<Result> {
  for (let runs = 2; ; runs += 1) {
    const startMs = nowMs();
    const result = await runOnce(scenario, shared, runs);
    const isCertain = result.problem === null || lateness.since(startMs) <= LATE_MS;
    if (isCertain || runs === RUNS_MAX) return result;
  }
}

async function runOnce(scenario: Scenario, shared: SharedResources, runs: number): Promise<Result> {
  const startMs = nowMs();
  let problem: string | null = null;
  for (let tries = 0; tries < scenario.tries; tries += 1) {
    problem = await problemOf(scenario, shared);
    if (problem === null) break;
  }
  return { scenario: scenario.name, problem, seconds: (nowMs() - startMs) / 1000, runs };
}

async function problemOf(scenario: Scenario, shared: SharedResources): Promise<string | null> {
  try {
    const scenarioRun = await ScenarioRun.start(scenario, shared);
    try {
      await runScenario(scenario, scenarioRun);
    } finally {
      await scenarioRun.clear();
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Checks the driver as a whole: it must exit at the end of its input, and never show a token. */
async function resultOfEnd(driver: Driver | null): Promise<Result> {
  const startMs = nowMs();
  let problem: string | null = null;
  try {
    await driver?.end();
    if (driver !== null && findSecret(driver.errors) !== null)
      problem = 'the driver shows a token in its log';
  } catch (error) {
    problem = String(error);
  }
  return { scenario: 'end-of-driver', problem, seconds: (nowMs() - startMs) / 1000, runs: 1 };
}
