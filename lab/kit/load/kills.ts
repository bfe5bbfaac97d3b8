import { nowMs, pause } from '../../../src/process/time.js';
import type { History } from '../history/history.js';
import type { Random } from '../random.js';
import type { RestartedServer } from '../server/restarted-server.js';
import type { Workload } from './workload.js';

/** Operations before each kill. A slow server is killed later. */
export const OPERATIONS_PER_KILL = 20;

/** After this time a server is killed even if it has done less. */
const LIFE_MAX_MS = 60_000;

/** How long a server works before it is killed, in milliseconds. */
const LIFE_MS = { min: 50, max: 1200 };

/** The chance that a server is killed while it starts, and how long after the beginning of the start, in milliseconds. */
const KILLED_EARLY = 0.15;
const EARLY_MS = { min: 100, max: 1500 };

const TOLD_EVERY = 50;

export interface KillPlan {
  readonly kills: number;
  /** The run ends earlier after this time. */
  readonly seconds: number;
}

export interface Kills {
  readonly all: number;
  /** Of a server that was not ready yet. */
  readonly early: number;
}

/**
 * Has clients work on a server that is killed and started again and again. After each start all locks in use are read, so that
 * the history shows what a kill has lost.
 */
export async function killAgainAndAgain(
  server: RestartedServer,
  workload: Workload,
  dice: Random,
  plan: KillPlan,
  tell: (progress: string) => void = () => undefined,
): Promise<Kills> {
  const stop = new AbortController();
  const work = workload.work(stop.signal);
  work.catch(() => stop.abort());
  const endMs = nowMs() + plan.seconds * 1000;
  const { history } = workload.world;
  let [all, early] = [0, 0];
  try {
    while (all < plan.kills && nowMs() < endMs && !stop.signal.aborted) {
      await pause(dice.between(LIFE_MS.min, LIFE_MS.max));
      await worked(history, (all + 1) * OPERATIONS_PER_KILL, stop.signal);
      const diedMs = await server.kill();
      const killedEarly = await startInTheEnd(server, dice);
      history.serverDied(diedMs);
      await workload.readAll();
      early += killedEarly;
      all += 1 + killedEarly;
      if (all % TOLD_EVERY <= killedEarly) tell(`${all} kills, ${history.answered} operations`);
    }
    await pause(LIFE_MS.max);
  } finally {
    stop.abort();
    await work;
  }
  return { all, early };
}

/** Resolves when so many operations have been done, or after a long time. */
async function worked(history: History, operations: number, stop: AbortSignal): Promise<void> {
  const endMs = nowMs() + LIFE_MAX_MS;
  while (history.answered < operations && nowMs() < endMs && !stop.aborted) await pause(10);
}

/** Starts the server. Returns how often it was killed before it was ready. */
async function startInTheEnd(server: RestartedServer, dice: Random): Promise<number> {
  for (let early = 0; ; early += 1) {
    if (!dice.chance(KILLED_EARLY)) {
      await server.start();
      return early;
    }
    if (await server.startsWithin(dice.between(EARLY_MS.min, EARLY_MS.max))) return early;
  }
}
