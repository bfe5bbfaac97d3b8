import { nowMs } from '../../../src/process/time.js';
import { Driver } from './driver.js';
import type { Language } from './languages.js';
import type { Lateness } from './lateness.js';
import { runScenario } from './run-scenario.js';
import { ScenarioRun, type SharedResources } from './scenario-run.js';
import type { Scenario } from './scenario.js';
import { findSecret } from './secrets.js';
import type { Slots } from './slots.js';
import type { TestServer } from './test-server.js';

export interface Result {
  readonly scenario: string;
  /** Null if it passed. */
  readonly problem: string | null;
  readonly seconds: number;
  readonly runs: number;
}

type OnResult = (result: Result) => void;

/**
 * How many scenarios run at the same time, of all SDKs together. Most of them mostly wait. Those that fail while the machine is
 * too busy to say why run again in the next round, at last alone.
 */
export const ROUNDS = [24, 4, 1] as const;

/** If a scenario fails while timers are later than this, the machine was too busy to say why. */
const LATE_MS = 40;

/** What starts an SDK's driver. */
export type Program = Pick<Language, 'driver' | 'folder' | 'driverPerScenario'>;

/** Runs scenarios with one SDK. */
export class Suite {
  readonly #shared: SharedResources;
  readonly #lateness: Lateness;

  constructor(
    { driver: command, folder, driverPerScenario }: Program,
    testServer: TestServer,
    lateness: Lateness,
  ) {
    const newDriver: SharedResources['newDriver'] = (more) =>
      new Driver(command, folder, { ...testServer.environment, ...more });
    this.#lateness = lateness;
    this.#shared = {
      server: testServer.server,
      nextUser: testServer.nextUser,
      newDriver,
      driver: driverPerScenario ? null : newDriver({}),
    };
  }

  /**
   * Runs scenarios, each as soon as there is a slot, and reports their results. Resolves with those that failed while the machine
   * was too busy to say why. In the last round, these count as failed.
   * @param round 1 for the first.
   */
  async run(
    scenarios: readonly Scenario[],
    round: number,
    slots: Slots,
    onResult: OnResult,
  ): Promise<Scenario[]> {
    const outcomes = scenarios.map((scenario) =>
      slots.run(async () => {
        const startMs = nowMs();
        const result = await this.#runOnce(scenario, round);
        const isBusy = this.#lateness.since(startMs) > LATE_MS;
        if (result.problem !== null && isBusy && round < ROUNDS.length) return [scenario];
        onResult(result);
        return [];
      }),
    );
    return (await Promise.all(outcomes)).flat();
  }

  /** Ends the driver, and reports whether it exits at the end of its input and has never shown a token. */
  async end(onResult: OnResult): Promise<void> {
    const { driver } = this.#shared;
    const startMs = nowMs();
    const problem = await problemOfEnd(driver);
    onResult({ scenario: 'end-of-driver', problem, seconds: (nowMs() - startMs) / 1000, runs: 1 });
  }

  async #runOnce(scenario: Scenario, runs: number): Promise<Result> {
    const startMs = nowMs();
    let problem: string | null = null;
    for (let tries = 0; tries < scenario.tries; tries += 1) {
      problem = await problemOf(scenario, this.#shared);
      if (problem === null) break;
    }
    return { scenario: scenario.name, problem, seconds: (nowMs() - startMs) / 1000, runs };
  }
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

async function problemOfEnd(driver: Driver | null): Promise<string | null> {
  try {
    await driver?.end();
    const hasShownToken = driver !== null && findSecret(driver.errors) !== null;
    return hasShownToken ? 'the driver shows a token in its log' : null;
  } catch (error) {
    return String(error);
  }
}
