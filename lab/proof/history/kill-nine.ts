import { nowMs, pause } from '../../../src/process/time.js';
import { Random } from '../../kit/random.js';
import type { Budget, Figures, Proof, ProofContext } from '../proof.js';
import { checkHistory, figuresOf, type Findings } from './check.js';
import { demandSoundness } from './demand-soundness.js';
import { EventWitness } from './event-witness.js';
import { USUAL_HABITS } from './habits.js';
import type { History } from '../../kit/history/history.js';
import { Server } from './server.js';
import { staticTokens, Workload, type WorkloadOptions } from './workload.js';

interface Plan extends WorkloadOptions {
  readonly kills: number;
  /** The run ends earlier after this time. */
  readonly seconds: number;
}

/** Operations for each kill: a server that is slower than that lives longer. */
const OPERATIONS_PER_KILL = 20;

/** After this time a server is killed even if it has not done that much. */
const LIFE_MAX_MS = 60_000;

const USERS = 16;
const GRACE_SECONDS = 10;
const SHARED = { users: USERS, operationsPerLock: 600, proxiedOneIn: 0, clients: 32, habits: USUAL_HABITS };
const PLANS: Record<Budget, Plan> = {
  small: { ...SHARED, locks: 24, kills: 6, seconds: 10 },
  full: { ...SHARED, locks: 24, kills: 1000, seconds: 1200 },
};

/** How long a server works before it is killed, in milliseconds. */
const LIFE_MS = { min: 50, max: 1200 };

/** The chance that a server is killed while it starts, and how long after the beginning of the start, in milliseconds. */
const KILLED_EARLY = 0.15;
const EARLY_MS = { min: 100, max: 1500 };

const PATIENCE_MS = 60_000;
const TOLD_EVERY = 50;

export const killNine: Proof = {
  name: 'kill-nine',
  claim: 'A server that is killed at any moment, again and again, honours all that it had acknowledged.',
  run,
};

async function run({ budget, seed, tell }: ProofContext): Promise<Figures> {
  const plan = PLANS[budget];
  const random = new Random(seed);
  const witness = await EventWitness.open();
  const server = newServer(witness);
  try {
    const workload = await Workload.on(() => server.address, random, plan);
    await server.start();
    await witness.begin(server);
    const kills = await killAgainAndAgain(server, workload, random, plan, tell);
    await workload.close();
    tell(`${kills.all} kills; looking for orders`);
    const { history } = workload.world;
    const findings = checkHistory(history, server.outages);
    demandSoundness(workload.world, findings, await witness.violations(server, history.grants, PATIENCE_MS));
    if (history.answered < kills.all * OPERATIONS_PER_KILL) {
      throw new Error(`only ${history.answered} operations and ${kills.all} kills: that proves nothing`);
    }
    return figures(workload, findings, kills, witness);
  } finally {
    await server.remove();
    await witness.close();
  }
}

function newServer({ settings }: EventWitness): Server {
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
  /** Of a server that was not ready yet. */
  readonly early: number;
}

/** Has clients work on a server that is killed and started all the time. */
export async function killAgainAndAgain(
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
  const { history } = workload.world;
  let [all, early] = [0, 0];
  try {
    while (all < plan.kills && nowMs() < endMs && !stop.signal.aborted) {
      await pause(random.between(LIFE_MS.min, LIFE_MS.max));
      await worked(history, (all + 1) * OPERATIONS_PER_KILL, stop.signal);
      const diedMs = await server.kill();
      const inVain = await startAtLast(server, random);
      history.serverDied(diedMs);
      early += inVain;
      all += 1 + inVain;
      if (all % TOLD_EVERY <= inVain) tell(`${all} kills, ${history.answered} operations`);
    }
    await pause(LIFE_MS.max);
  } finally {
    stop.abort();
    await work;
  }
  return { all, early };
}

/** Resolves when so much has been done, or is not for a long time. */
async function worked(history: History, operations: number, stop: AbortSignal): Promise<void> {
  const endMs = nowMs() + LIFE_MAX_MS;
  while (history.answered < operations && nowMs() < endMs && !stop.aborted) await pause(10);
}

/** Starts the server. Returns how often it was killed before it was ready. */
async function startAtLast(server: Server, random: Random): Promise<number> {
  for (let early = 0; ; early += 1) {
    if (!random.chance(KILLED_EARLY)) {
      await server.start();
      return early;
    }
    if (await server.startsWithin(random.between(EARLY_MS.min, EARLY_MS.max))) return early;
  }
}

function figures({ world }: Workload, findings: Findings, kills: Kills, witness: EventWitness): Figures {
  const { history } = world;
  return {
    kills: kills.all,
    'kills of a server that was just starting': kills.early,
    operations: history.answered,
    'operations cut by a kill': history.unanswered,
    'grants told, all in the event log': history.grants.length,
    ...witness.figures,
    ...figuresOf(history, findings),
  };
}
