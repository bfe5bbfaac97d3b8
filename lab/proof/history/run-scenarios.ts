import { pause } from '../../../src/process/time.js';
import { NoAnswer, type Address } from '../../kit/http/connection.js';
import { SCENARIOS } from './scenarios.js';
import { Actor, ScenarioFailed } from './scenario.js';
import type { World } from '../../kit/load/world.js';

const ALL = Object.entries(SCENARIOS);

/** How long a server is left alone that cannot be reached. */
const RETRY_MS = 20;

/** Each scenario has users of its own, since all are run at the same time. */
export const SCENARIO_USERS = Array.from({ length: ALL.length }, (_, number) => [
  `ann${number}`,
  `ben${number}`,
]).flat();

let begun = 0;

/** Runs every scenario again and again until the signal aborts. Returns how many were completed. */
export async function runScenarios(
  address: () => Address,
  world: World,
  quota: number,
  stop: AbortSignal,
): Promise<number> {
  let ended = 0;
  const stopped = new Promise<void>((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  const runAgainAndAgain = async ([name, scenario]: (typeof ALL)[number], number: number): Promise<void> => {
    const ann = new Actor(`ann${number}`, address);
    const ben = new Actor(`ben${number}`, address);
    while (!stop.aborted) {
      begun += 1;
      try {
        const run = scenario({ ann, ben, lock: `scenario/${number}/${begun}`, quota });
        run.catch(() => undefined);
        await Promise.race([run, stopped]);
        if (stop.aborted) return;
        ended += 1;
      } catch (error) {
        // Its server was killed.
        if (error instanceof NoAnswer) {
          await pause(RETRY_MS);
          continue;
        }
        if (!(error instanceof ScenarioFailed)) throw error;
        world.violation(`${name}: ${error.message}`);
        return;
      }
    }
  };
  await Promise.all(ALL.map(runAgainAndAgain));
  return ended;
}
