import type { Budget, Figures, Proof, ProofContext } from '../proof.js';
import { checkHistory, type Findings } from './check.js';
import { nowMs, pause } from '../../test/support/real-time.js';
import { Random } from '../disk/random.js';
import { demandSoundness } from './demand.js';
import { STORY_USERS, tellStories } from './narrator.js';
import { pauseAgainAndAgain } from './pauses.js';
import { Server } from './server.js';
import { staticTokens, Workload, type WorkloadOptions } from './workload.js';

interface Plan extends WorkloadOptions {
  readonly seconds: number;
  /** The run ends earlier when there are so many. */
  readonly operations: number;
}

/** Operations in a second below which a run proves nothing. */
const RATE_MIN = 50;

const USERS = 16;

/** Locks that a user may hold: more than clients want, few enough for a story to use them up. */
const QUOTA = 30;

const SHARED = { users: USERS, operationsPerLock: 600, proxiedOneIn: 4 };
const PLANS: Record<Budget, Plan> = {
  small: { ...SHARED, seconds: 8, operations: 1_000_000, clients: 32, locks: 24 },
  full: { ...SHARED, seconds: 300, operations: 1_000_000, clients: 64, locks: 100 },
};

export const linearizable: Proof = {
  name: 'linearizable',
  claim: 'Grants, renewals, releases and reads take effect one after the other, at some moment of each call.',
  run,
};

async function run({ budget, seed, tell }: ProofContext): Promise<Figures> {
  const plan = PLANS[budget];
  const dice = new Random(seed);
  const server = new Server({
    graceSeconds: 10,
    settings: { STATIC_TOKENS: staticTokens(USERS, ...STORY_USERS), MAX_LOCKS_PER_USER: String(QUOTA) },
  });
  try {
    await server.start();
    const workload = await Workload.on(() => server.address, dice, plan);
    const startedMs = nowMs();
    const faults = await attack(server, workload, dice, plan, tell);
    const seconds = (nowMs() - startedMs) / 1000;
    await workload.close();
    tell(`${workload.world.history.answered} operations; looking for an order`);
    const findings = checkHistory(workload.world.history, server.outages);
    demand(workload, findings, seconds);
    return figures(workload, findings, seconds, faults);
  } finally {
    await server.remove();
  }
}

async function attack(
  server: Server,
  workload: Workload,
  dice: Random,
  plan: Plan,
  tell: ProofContext['tell'],
): Promise<Figures> {
  const stop = new AbortController();
  const work = workload.work(stop.signal);
  const stories = tellStories(() => server.address, workload.world, QUOTA, stop.signal);
  const pauses = pauseAgainAndAgain(server, dice.split(), { everyMs: 3000, longestMs: 1500 }, stop.signal);
  const endMs = nowMs() + plan.seconds * 1000;
  let toldMs = nowMs();
  while (nowMs() < endMs && workload.world.history.answered < plan.operations) {
    await pause(100);
    if (nowMs() - toldMs < 30_000) continue;
    toldMs = nowMs();
    tell(`${workload.world.history.answered} operations`);
  }
  stop.abort();
  await work;
  return { 'pauses of the server': await pauses, 'stories told': await stories };
}

function demand({ world }: Workload, findings: Findings, seconds: number): void {
  demandSoundness(world, findings);
  const rate = world.history.answered / seconds;
  if (rate < RATE_MIN) throw new Error(`only ${rate.toFixed(0)} operations a second: that proves nothing`);
}

function figures({ world, cuts }: Workload, findings: Findings, seconds: number, faults: Figures): Figures {
  const { history } = world;
  return {
    operations: history.answered,
    'operations a second': Math.round(history.answered / seconds),
    'operations without an answer': history.unanswered,
    'grants told': history.grants.length,
    'connections cut half way': cuts,
    ...faults,
    'locks, each with an order found': findings.locks,
    'longest history of one lock': findings.longestLockHistory,
    ...Object.fromEntries([...history.counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}
