import { pause } from '../../../src/process/time.js';
import { NoAnswer, type Address } from '../../kit/http/connection.js';
import { SCENARIOS } from './scenarios.js';
import { Actor, ScenarioFailed } from './scenario.js';
import type { SharedState } from '../../kit/load/shared-state.js';

const ALL = Object.entries(SCENARIOS);

/** How long to wait before an unreachable server is tried again. */
const RETRY_MS = 20;

/** Each scenario has users of its own, since all run at the same time. */
export const SCENARIO_USERS = Array.from({ length: ALL.length }, (_, number) => [
  `ann${number}`,
  `ben${number}`,
]).flat();

let started = 0;

/** Runs every scenario again and again until the signal aborts. Returns how many were completed. */
export async function runScenarios(
  address: () => Address,
  shared: SharedState,
  quota: number,
  stop: AbortSignal,
): Promise<number> {
  let completed = 0;
  const stopped = new Promise<void>((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  const repeat = async ([name, scenario]: (typeof ALL)[number], number: number): Promise<void> => {
    const ann = new Actor(`ann${number}`, address);
    const ben = new Actor(`ben${number}`, address);
    while (!stop.aborted) {
      started += 1;
      try {
        const run = scenario({ ann, ben, lock: `scenario/${number}/${started}`, quota });
        run.catch(() => undefined);
        await Promise.race([run, stopped]);
        if (stop.aborted) return;
        completed += 1;
      } catch (error) {
        // The server was killed or shed the request, so the scenario cannot continue.
        if (error instanceof NoAnswer) {
          await pause(RETRY_MS);
          continue;
        }
        if (!(error instanceof ScenarioFailed)) throw error;
        shared.violation(`${name}: ${error.message}`);
        return;
      }
    }
  };
  await Promise.all(ALL.map(repeat));
  return completed;
}
