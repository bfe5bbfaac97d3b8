import { withServer, type BuiltServer } from '../../../lab/kit/server/built-server.js';
import { nowMs } from '../../../src/process/time.js';
import { Driver } from './driver.js';
import type { Language } from './languages.js';
import { Lateness } from './lateness.js';
import { play } from './play.js';
import type { Scenario } from './scenario.js';
import { findSecret, tokenOf } from './secrets.js';
import { ENVIRONMENT_USER, SERVER_SETTINGS, Stage, userNumbers, type House } from './stage.js';

export interface Verdict {
  readonly scenario: string;
  /** Null if it went as it should. */
  readonly problem: string | null;
  readonly seconds: number;
  readonly playings: number;
}

/** Scenarios that are played at the same time. */
const CONCURRENCY = 8;

/** What fails while the machine is later than this says little, and is played again, alone. */
const LATE_MS = 40;
const PLAYINGS_MAX = 3;

/** What all playings of a run share. */
export interface Grounds {
  readonly server: BuiltServer;
  readonly lateness: Lateness;
  readonly nextUser: () => number;
}

/** Runs `use` with a server for the scenarios that need none of their own. */
export async function onGrounds<T>(use: (grounds: Grounds) => Promise<T>): Promise<T> {
  const lateness = new Lateness();
  try {
    return await withServer(SERVER_SETTINGS, (server) => use({ server, lateness, nextUser: userNumbers() }));
  } finally {
    lateness.stop();
  }
}

/** Where the shared server is, and tokens of two users of it, for a driver and for an SDK's own tests. */
export function environmentOf({ server }: Grounds): Readonly<Record<string, string>> {
  return {
    OCTOSTORE_BASE_URL: server.url,
    OCTOSTORE_TOKEN: tokenOf('same', ENVIRONMENT_USER),
    OCTOSTORE_OTHER_TOKEN: tokenOf('other', ENVIRONMENT_USER),
  };
}

/** Plays scenarios with one SDK, and tells each verdict as soon as it is known. */
export async function playAll(
  scenarios: readonly Scenario[],
  { driver: command, folder, driverPerScenario }: Pick<Language, 'driver' | 'folder' | 'driverPerScenario'>,
  grounds: Grounds,
  tell: (verdict: Verdict) => void,
): Promise<Verdict[]> {
  const { server, lateness, nextUser } = grounds;
  const newDriver: House['newDriver'] = (more) =>
    new Driver(command, folder, { ...environmentOf(grounds), ...more });
  const driver = driverPerScenario ? null : newDriver({});
  const verdicts = await playInHouse(scenarios, { server, newDriver, driver, nextUser }, lateness, tell);
  const last = await verdictOnEnd(driver);
  tell(last);
  return [...verdicts, last];
}

async function playInHouse(
  scenarios: readonly Scenario[],
  house: House,
  lateness: Lateness,
  tell: (verdict: Verdict) => void,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const again: Scenario[] = [];
  const decide = (verdict: Verdict): void => {
    verdicts.push(verdict);
    tell(verdict);
  };
  const waiting = [...scenarios];
  const playWaiting = async (): Promise<void> => {
    for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
      const startMs = nowMs();
      const verdict = await playOnce(scenario, house, 1);
      if (verdict.problem !== null && lateness.since(startMs) > LATE_MS) again.push(scenario);
      else decide(verdict);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, playWaiting));
  for (const scenario of again) decide(await playAgain(scenario, house, lateness));
  return verdicts;
}

async function playAgain(scenario: Scenario, house: House, lateness: Lateness): Promise<Verdict> {
  for (let playings = 2; ; playings += 1) {
    const startMs = nowMs();
    const verdict = await playOnce(scenario, house, playings);
    const isCertain = verdict.problem === null || lateness.since(startMs) <= LATE_MS;
    if (isCertain || playings === PLAYINGS_MAX) return verdict;
  }
}

async function playOnce(scenario: Scenario, house: House, playings: number): Promise<Verdict> {
  const startMs = nowMs();
  let problem: string | null = null;
  for (let tries = 0; tries < scenario.tries; tries += 1) {
    problem = await problemOf(scenario, house);
    if (problem === null) break;
  }
  return { scenario: scenario.name, problem, seconds: (nowMs() - startMs) / 1000, playings };
}

async function problemOf(scenario: Scenario, house: House): Promise<string | null> {
  try {
    const stage = await Stage.set(scenario, house);
    try {
      await play(scenario, stage);
    } finally {
      await stage.clear();
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What holds of the driver as a whole: that it exits at the end of its input, and never shows a token. */
async function verdictOnEnd(driver: Driver | null): Promise<Verdict> {
  const startMs = nowMs();
  let problem: string | null = null;
  try {
    await driver?.end();
    if (driver !== null && findSecret(driver.errors) !== null)
      problem = 'the driver shows a token in its log';
  } catch (error) {
    problem = String(error);
  }
  return { scenario: 'end-of-driver', problem, seconds: (nowMs() - startMs) / 1000, playings: 1 };
}
