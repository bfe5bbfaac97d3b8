import { Random } from '../../kit/random.js';
import type { Budget, Figures, Proof, ProofContext } from '../proof.js';
import { checkHistory, figuresOf, type Findings } from '../../kit/history/check-history.js';
import { expectNoViolations } from './expect-no-violations.js';
import { EventChecker } from './event-checker.js';
import { DEFAULT_MIX } from '../../kit/load/operation-mix.js';
import { killRepeatedly, OPERATIONS_PER_KILL, type Kills } from '../../kit/load/kills.js';
import { RestartedServer } from '../../kit/server/restarted-server.js';
import { BREAKER_KEY } from '../../kit/load/lock-breaker.js';
import { staticTokens, Workload, type WorkloadOptions } from '../../kit/load/workload.js';

interface Plan extends WorkloadOptions {
  readonly kills: number;
  /** The run ends after this time, even with fewer kills. */
  readonly seconds: number;
}

const USERS = 16;
const GRACE_SECONDS = 10;
const SHARED = {
  users: USERS,
  operationsPerLock: 600,
  proxiedOneIn: 0,
  clients: 32,
  mix: DEFAULT_MIX,
  breaks: true,
};
const PLANS: Record<Budget, Plan> = {
  small: { ...SHARED, locks: 24, kills: 6, seconds: 10 },
  full: { ...SHARED, locks: 24, kills: 1000, seconds: 1200 },
};

const PATIENCE_MS = 60_000;

export const killNine: Proof = {
  name: 'kill-nine',
  claim: 'A server that is killed at any moment, again and again, keeps everything that it acknowledged.',
  run,
};

async function run({ budget, seed, reportProgress }: ProofContext): Promise<Figures> {
  const plan = PLANS[budget];
  const random = new Random(seed);
  const events = await EventChecker.open();
  const server = newServer(events);
  try {
    const workload = await Workload.on(() => server.address, random, plan);
    await server.start();
    await events.begin(server);
    const kills = await killRepeatedly(server, workload, random, plan, reportProgress);
    await workload.close();
    reportProgress(`${kills.all} kills; searching for valid orders`);
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

function newServer({ settings }: EventChecker): RestartedServer {
  return new RestartedServer({
    graceSeconds: GRACE_SECONDS,
    settings: {
      STATIC_TOKENS: staticTokens(USERS),
      ADMIN_KEY: BREAKER_KEY,
      MAX_LOCKS_PER_USER: '100000',
      MAX_SESSIONS_PER_USER: '100000',
      ...settings,
    },
  });
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
