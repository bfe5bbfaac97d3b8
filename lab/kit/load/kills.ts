import { nowMs, pause } from '../../../src/process/time.js';
import type { History } from '../history/history.js';
import type { Random } from '../random.js';
import type { RestartedServer } from '../server/restarted-server.js';
import type { Workload } from './workload.js';

/** A server is not killed before clients have done this many operations. */
export const OPERATIONS_PER_KILL = 20;

/** After this time, a server is killed anyway. */
const RUNTIME_MAX_MS = 60_000;

/** How long a server runs before it is killed, in milliseconds. */
const RUNTIME_MS = { min: 50, max: 1200 };

/** The probability that a server is killed during its start, and how long after the beginning, in milliseconds. */
const KILLED_EARLY = 0.15;
const EARLY_MS = { min: 100, max: 1500 };

const PROGRESS_EVERY = 50;

export interface KillPlan {
  readonly kills: number;
  /** The run ends after this time, even with fewer kills. */
  readonly seconds: number;
}

export interface Kills {
  readonly all: number;
  /** Kills of a server that was not ready yet. */
  readonly early: number;
}

/**
 * Runs clients on a server that is killed and restarted all the time. After each start all locks in use are read, so that
 * the history shows what a kill has lost.
 */
export async function killRepeatedly(
  server: RestartedServer,
  workload: Workload,
  random: Random,
  plan: KillPlan,
  reportProgress: (progress: string) => void = () => undefined,
): Promise<Kills> {
  const stop = new AbortController();
  const work = workload.work(stop.signal);
  work.catch(() => stop.abort());
  const endMs = nowMs() + plan.seconds * 1000;
  const { history } = workload.shared;
  let [all, early] = [0, 0];
  try {
    while (all < plan.kills && nowMs() < endMs && !stop.signal.aborted) {
      await pause(random.between(RUNTIME_MS.min, RUNTIME_MS.max));
      await worked(history, (all + 1) * OPERATIONS_PER_KILL, stop.signal);
      const diedMs = await server.kill();
      const failedStarts = await startEventually(server, random);
      history.serverDied(diedMs);
      await workload.readAll();
      early += failedStarts;
      all += 1 + failedStarts;
      if (all % PROGRESS_EVERY <= failedStarts)
        reportProgress(`${all} kills, ${history.answered} operations`);
    }
    await pause(RUNTIME_MS.max);
  } finally {
    stop.abort();
    await work;
  }
  return { all, early };
}

/** Resolves after this many operations, or after a long time. */
async function worked(history: History, operations: number, stop: AbortSignal): Promise<void> {
  const endMs = nowMs() + RUNTIME_MAX_MS;
  while (history.answered < operations && nowMs() < endMs && !stop.aborted) await pause(10);
}

/** Starts the server. Returns how many times it was killed before it was ready. */
async function startEventually(server: RestartedServer, random: Random): Promise<number> {
  for (let early = 0; ; early += 1) {
    if (!random.chance(KILLED_EARLY)) {
      await server.start();
      return early;
    }
    if (await server.startsWithin(random.between(EARLY_MS.min, EARLY_MS.max))) return early;
  }
}
