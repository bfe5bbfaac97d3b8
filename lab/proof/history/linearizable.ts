import type { Budget, Figures, Proof, ProofContext } from '../proof.js';
import { checkHistory, figuresOf, type Findings } from '../../kit/history/check-history.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { Random } from '../../kit/random.js';
import { demandSoundness } from './demand-soundness.js';
import { USUAL_HABITS } from '../../kit/load/habits.js';
import type { History } from '../../kit/history/history.js';
import { SCENARIO_USERS, runScenarios } from './run-scenarios.js';
import { pauseAgainAndAgain } from './pauses.js';
import { RestartedServer } from '../../kit/server/restarted-server.js';
import { staticTokens, Workload, type WorkloadOptions } from '../../kit/load/workload.js';

interface Plan extends WorkloadOptions {
  /** The run ends when there are so many, */
  readonly operations: number;
  /** or after this time. */
  readonly seconds: number;
}

/** Operations in a second below which a run proves nothing: what the slowest of machines can do. */
const RATE_MIN = 10;
const RATE_OVER_SECONDS = 60;

const USERS = 16;

/** Locks that a user may hold: more than clients want, few enough for a scenario to use them up. */
const QUOTA = 30;

const PAUSES = { everyMs: 3000, longestMs: 1500 };

const SHARED = { users: USERS, operationsPerLock: 600, proxiedOneIn: 4, habits: USUAL_HABITS };
const PLANS: Record<Budget, Plan> = {
  small: { ...SHARED, operations: 1_000_000, seconds: 8, clients: 32, locks: 24 },
  full: { ...SHARED, operations: 1_000_000, seconds: Infinity, clients: 64, locks: 100 },
};

export const linearizable: Proof = {
  name: 'linearizable',
  claim: 'Grants, renewals, releases and reads take effect one after the other, at some moment of each call.',
  run,
};

async function run({ budget, seed, tell }: ProofContext): Promise<Figures> {
  const plan = PLANS[budget];
  const dice = new Random(seed);
  const server = new RestartedServer({
    graceSeconds: 10,
    settings: { STATIC_TOKENS: staticTokens(USERS, ...SCENARIO_USERS), MAX_LOCKS_PER_USER: String(QUOTA) },
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
    demandSoundness(workload.world, findings);
    expectRate(workload.world.history.answered, seconds);
    return figures(workload, findings, seconds, faults);
  } finally {
    await server.remove();
  }
}

async function attack(
  server: RestartedServer,
  workload: Workload,
  dice: Random,
  plan: Plan,
  tell: ProofContext['tell'],
): Promise<Figures> {
  const stop = new AbortController();
  const attackers = Promise.all([
    pauseAgainAndAgain(server, dice.split(), PAUSES, stop.signal),
    runScenarios(() => server.address, workload.world, QUOTA, stop.signal),
    workload.work(stop.signal),
  ]);
  try {
    await Promise.race([attackers, enough(workload.world.history, plan, tell, stop.signal)]);
  } finally {
    stop.abort();
  }
  const [pauses, scenarios] = await attackers;
  return { 'pauses of the server': pauses, 'scenarios run': scenarios };
}

/** Resolves when the plan is fulfilled. Throws if next to nothing happens. */
async function enough(
  history: History,
  { operations, seconds }: Plan,
  tell: ProofContext['tell'],
  stop: AbortSignal,
): Promise<void> {
  const endMs = nowMs() + seconds * 1000;
  let toldMs = nowMs();
  let before = 0;
  while (!stop.aborted && nowMs() < endMs && history.answered < operations) {
    await pause(100);
    const secondsSince = (nowMs() - toldMs) / 1000;
    if (secondsSince < RATE_OVER_SECONDS) continue;
    tell(`${history.answered} operations`);
    expectRate(history.answered - before, secondsSince);
    toldMs = nowMs();
    before = history.answered;
  }
}

function expectRate(operations: number, seconds: number): void {
  const rate = operations / seconds;
  if (rate < RATE_MIN) throw new Error(`only ${rate.toFixed(1)} operations a second: that proves nothing`);
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
    ...figuresOf(history, findings),
  };
}
