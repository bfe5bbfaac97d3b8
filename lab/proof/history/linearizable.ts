import type { Budget, Figures, Proof, ProofContext } from '../proof.js';
import { checkHistory, figuresOf, type Findings } from '../../kit/history/check-history.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { Random } from '../../kit/random.js';
import { expectNoViolations } from './expect-no-violations.js';
import { DEFAULT_MIX } from '../../kit/load/operation-mix.js';
import type { History } from '../../kit/history/history.js';
import { SCENARIO_USERS, runScenarios } from './run-scenarios.js';
import { pauseRepeatedly } from './pauses.js';
import { RestartedServer } from '../../kit/server/restarted-server.js';
import { BREAKER_KEY } from '../../kit/load/lock-breaker.js';
import { staticTokens, Workload, type WorkloadOptions } from '../../kit/load/workload.js';

interface Plan extends WorkloadOptions {
  /** The run ends after this many operations, */
  readonly operations: number;
  /** or after this time. */
  readonly seconds: number;
}

/** A run with fewer operations per second proves nothing. Even the slowest machine does more. */
const RATE_MIN = 10;
const RATE_OVER_SECONDS = 60;

const USERS = 16;

/** The locks that a user may hold: more than clients need, but few enough for a scenario to reach the limit. */
const QUOTA = 30;

const PAUSES = { everyMs: 3000, longestMs: 1500 };

const SHARED = { users: USERS, operationsPerLock: 600, proxiedOneIn: 4, mix: DEFAULT_MIX, breaks: true };
const PLANS: Record<Budget, Plan> = {
  small: { ...SHARED, operations: 1_000_000, seconds: 8, clients: 32, locks: 24 },
  full: { ...SHARED, operations: 1_000_000, seconds: Infinity, clients: 64, locks: 100 },
};

export const linearizable: Proof = {
  name: 'linearizable',
  claim:
    'Grants, renewals, releases and reads take effect one after another, each at some moment during its call.',
  run,
};

async function run({ budget, seed, reportProgress }: ProofContext): Promise<Figures> {
  const plan = PLANS[budget];
  const random = new Random(seed);
  const server = new RestartedServer({
    graceSeconds: 10,
    settings: {
      STATIC_TOKENS: staticTokens(USERS, ...SCENARIO_USERS),
      MAX_LOCKS_PER_USER: String(QUOTA),
      ADMIN_KEY: BREAKER_KEY,
    },
  });
  try {
    await server.start();
    const workload = await Workload.on(() => server.address, random, plan);
    const startedMs = nowMs();
    const faults = await attack(server, workload, random, plan, reportProgress);
    const seconds = (nowMs() - startedMs) / 1000;
    await workload.close();
    reportProgress(`${workload.shared.history.answered} operations; searching for a valid order`);
    const findings = checkHistory(workload.shared.history, server.outages);
    expectNoViolations(workload.shared, findings);
    expectRate(workload.shared.history.answered, seconds);
    return figures(workload, findings, seconds, faults);
  } finally {
    await server.remove();
  }
}

async function attack(
  server: RestartedServer,
  workload: Workload,
  random: Random,
  plan: Plan,
  reportProgress: ProofContext['reportProgress'],
): Promise<Figures> {
  const stop = new AbortController();
  const attackers = Promise.all([
    pauseRepeatedly(server, random.split(), PAUSES, stop.signal),
    runScenarios(() => server.address, workload.shared, QUOTA, stop.signal),
    workload.work(stop.signal),
  ]);
  try {
    await Promise.race([attackers, enough(workload.shared.history, plan, reportProgress, stop.signal)]);
  } finally {
    stop.abort();
  }
  const [pauses, scenarios] = await attackers;
  return { 'pauses of the server': pauses, 'scenarios completed': scenarios };
}

/** Resolves when the plan is complete. Throws if hardly anything happens. */
async function enough(
  history: History,
  { operations, seconds }: Plan,
  reportProgress: ProofContext['reportProgress'],
  stop: AbortSignal,
): Promise<void> {
  const endMs = nowMs() + seconds * 1000;
  let reportedMs = nowMs();
  let before = 0;
  while (!stop.aborted && nowMs() < endMs && history.answered < operations) {
    await pause(100);
    const secondsSince = (nowMs() - reportedMs) / 1000;
    if (secondsSince < RATE_OVER_SECONDS) continue;
    reportProgress(`${history.answered} operations`);
    expectRate(history.answered - before, secondsSince);
    reportedMs = nowMs();
    before = history.answered;
  }
}

function expectRate(operations: number, seconds: number): void {
  const rate = operations / seconds;
  if (rate < RATE_MIN)
    throw new Error(`only ${rate.toFixed(1)} operations per second: too few to prove anything`);
}

function figures({ shared, cuts }: Workload, findings: Findings, seconds: number, faults: Figures): Figures {
  const { history } = shared;
  return {
    operations: history.answered,
    'operations per second': Math.round(history.answered / seconds),
    'operations without an answer': history.unanswered,
    grants: history.grants.length,
    'connections cut by the proxy': cuts,
    ...faults,
    ...figuresOf(history, findings),
  };
}
