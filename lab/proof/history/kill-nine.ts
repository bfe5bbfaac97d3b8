import { nowMs, pause } from '../../../src/process/time.js';
import { Random } from '../../kit/random.js';
import type { Budget, Figures, Proof, ProofContext } from '../proof.js';
import { checkHistory, figuresOf, type Findings } from './check.js';
import { expectNoViolations } from './expect-no-violations.js';
import { EventChecker } from './event-checker.js';
import { DEFAULT_MIX } from './operation-mix.js';
import type { History } from '../../kit/history/history.js';
import { Server } from './server.js';
import { staticTokens, Workload, type WorkloadOptions } from './workload.js';

interface Plan extends WorkloadOptions {
  readonly kills: number;
  /** The run ends after this time, even with fewer kills. */
  readonly seconds: number;
}

/** A server is not killed before clients have done this many operations. */
const OPERATIONS_PER_KILL = 20;

/** After this time, a server is killed anyway. */
const RUNTIME_MAX_MS = 60_000;

const USERS = 16;
const GRACE_SECONDS = 10;
const SHARED = { users: USERS, operationsPerLock: 600, proxiedOneIn: 0, clients: 32, mix: DEFAULT_MIX };
const PLANS: Record<Budget, Plan> = {
  small: { ...SHARED, locks: 24, kills: 6, seconds: 10 },
  full: { ...SHARED, locks: 24, kills: 1000, seconds: 1200 },
};

/** How long a server runs before it is killed, in milliseconds. */
const RUNTIME_MS = { min: 50, max: 1200 };

/** The probability that a server is killed during its start, and how long after the beginning, in milliseconds. */
const KILLED_EARLY = 0.15;
const EARLY_MS = { min: 100, max: 1500 };

const PATIENCE_MS = 60_000;
const PROGRESS_EVERY = 50;

export const killNine: Proof = {
  name: 'kill-nine',
  claim: 'A server that is killed at any moment, again and again, keeps everything that it acknowledged.',
  run,
};

async function run({ budget, seed, tell }: ProofContext): Promise<Figures> {
  const plan = PLANS[budget];
  const random = new Random(seed);
  const events = await EventChecker.open();
  const server = newServer(events);
  try {
    const workload = await Workload.on(() => server.address, random, plan);
    await server.start();
    await events.begin(server);
    const kills = await killRepeatedly(server, workload, random, plan, tell);
    await workload.close();
    tell(`${kills.all} kills; searching for valid orders`);
    const { history } = workload.shared;
    const findings = checkHistory(history, server.outages);
    expectNoViolations(
      workload.shared,
      findings,
      await events.violations(server, history.grants, PATIENCE_MS),
    );
    if (history.answered < kills.all * OPERATIONS_PER_KILL) {
      throw new Error(
        `only ${history.answered} operations for ${kills.all} kills: too few to prove anything`,
      );
    }
    return figures(workload, findings, kills, events);
  } finally {
    await server.remove();
    await events.close();
  }
}

function newServer({ settings }: EventChecker): Server {
  return new Server({
    graceSeconds: GRACE_SECONDS,
    settings: {
      STATIC_TOKENS: staticTokens(USERS),
      MAX_LOCKS_PER_USER: '100000',
      MAX_SESSIONS_PER_USER: '100000',
      ...settings,
    },
  });
}

interface Kills {
  readonly all: number;
  /** Kills of a server that was not ready yet. */
  readonly early: number;
}

/** Runs clients on a server that is killed and restarted all the time. */
export async function killRepeatedly(
  server: Server,
  workload: Workload,
  random: Random,
  plan: { readonly kills: number; readonly seconds: number },
  tell: ProofContext['tell'],
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
      early += failedStarts;
      all += 1 + failedStarts;
      if (all % PROGRESS_EVERY <= failedStarts) tell(`${all} kills, ${history.answered} operations`);
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
async function startEventually(server: Server, random: Random): Promise<number> {
  for (let early = 0; ; early += 1) {
    if (!random.chance(KILLED_EARLY)) {
      await server.start();
      return early;
    }
    if (await server.startsWithin(random.between(EARLY_MS.min, EARLY_MS.max))) return early;
  }
}

function figures({ shared }: Workload, findings: Findings, kills: Kills, events: EventChecker): Figures {
  const { history } = shared;
  return {
    kills: kills.all,
    'kills during a start': kills.early,
    operations: history.answered,
    'operations cut by a kill': history.unanswered,
    'grants, all in the event log': history.grants.length,
    ...events.figures,
    ...figuresOf(history, findings),
  };
}
