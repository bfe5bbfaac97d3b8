import { BackgroundWork } from '../background-work.js';
import { Random } from '../../kit/random.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { checkHistory } from '../../kit/history/check-history.js';
import type { History } from '../../kit/history/history.js';
import { SharedState } from '../../kit/load/shared-state.js';
import { withServer } from '../../kit/server/built-server.js';
import { RestartedServer } from '../../kit/server/restarted-server.js';
import { expectNoViolations } from '../history/expect-no-violations.js';
import { freeze, restart, moveWallClock } from './attacks.js';
import { Contenders } from './contenders.js';
import { FakeWallClock } from './fake-wall-clock.js';
import { LATE_MS_PROMISED, measurePunctuality, type PunctualityPlan } from './punctuality.js';

interface Plan {
  readonly locks: number;
  readonly jumpsMs: number;
  readonly restarts: number;
  readonly downtimeMsMax: number;
  /** Durations in milliseconds, one after another. */
  readonly freezes: readonly number[];
  readonly punctuality: PunctualityPlan;
}

const PLANS: Readonly<Record<Budget, Plan>> = {
  small: {
    locks: 12,
    jumpsMs: 4000,
    restarts: 2,
    downtimeMsMax: 1500,
    freezes: [1200, 3000],
    // The machine may be busy, so the limit only catches what is wrong on every machine.
    punctuality: { leases: 1000, ttlMax: 3, lateMs: 60_000 },
  },
  full: {
    locks: 40,
    jumpsMs: 60_000,
    restarts: 20,
    downtimeMsMax: 10_000,
    freezes: [30_000, ...Array.from({ length: 40 }, (_, index) => 200 + index * 150)],
    punctuality: { leases: 10_000, ttlMax: 5, lateMs: LATE_MS_PROMISED },
  },
};

const GRACE_SECONDS = 2;
const OPERATIONS_PER_LOCK = 600;
const DAY_MS = 86_400_000;

const ACTIVITY_WITHIN_MS = 60_000;

/** The pause after an attack, in which its effects would show. */
const SETTLE_MS = 1500;

/** Attacks leases with jumping wall clocks, restarts, freezes and far-off dates. */
export const time: Proof = {
  name: 'time',
  claim: 'No lease ends early or comes back, whatever happens to the wall clock. Expiry is punctual.',
  async run(context): Promise<Figures> {
    const clock = new FakeWallClock();
    const server = new RestartedServer({ graceSeconds: GRACE_SECONDS, settings: clock.environment });
    let figures: Figures;
    try {
      await server.start();
      figures = await attack(server, clock, context);
    } finally {
      await server.remove();
      clock.remove();
    }
    context.reportProgress('no lease ended early or came back; measuring how late leases expire');
    const { punctuality } = PLANS[context.budget];
    const late = await withServer({}, (busy) => measurePunctuality(busy, punctuality));
    return { ...figures, ...late };
  },
};

async function attack(
  server: RestartedServer,
  clock: FakeWallClock,
  context: ProofContext,
): Promise<Figures> {
  const plan = PLANS[context.budget];
  const random = new Random(context.seed);
  const shared = new SharedState(plan.locks, OPERATIONS_PER_LOCK);
  const { history } = shared;
  const contenders = new Contenders(() => server.address, shared, random.split());
  const work = new BackgroundWork();
  contenders.start(work, plan.locks);
  const jumping = new AbortController();
  const jumps = moveWallClock(clock, random.split(), jumping.signal);
  try {
    await pause(plan.jumpsMs);
    context.reportProgress(`${clock.jumps} jumps of the wall clock`);
    await restartAndFreeze({ server, clock, random, history }, work, plan, context);
    await waitForActivity(work, contenders, history, plan);
  } finally {
    jumping.abort();
    await jumps;
  }
  await work.stop();
  expectNoViolations(shared, checkHistory(history, server.outages));
  return {
    'jumps of the wall clock': clock.jumps,
    restarts: plan.restarts,
    'freezes of the server': plan.freezes.length,
    'longest freeze, s': Math.max(...plan.freezes) / 1000,
    grants: countOf(history, 'acquire: granted'),
    renewals: countOf(history, 'renew: renewed'),
    'renewals refused': countOf(history, 'renew: gone'),
    'leases left to expire': contenders.abandoned,
    'leases that ended early or came back': 0,
  };
}

interface Attacked {
  readonly server: RestartedServer;
  readonly clock: FakeWallClock;
  readonly random: Random;
  readonly history: History;
}

async function restartAndFreeze(
  { server, ...tools }: Attacked,
  work: BackgroundWork,
  plan: Plan,
  { reportProgress }: ProofContext,
): Promise<void> {
  for (let restarts = 0; restarts < plan.restarts; restarts += 1) {
    work.check();
    await restart(server, tools, plan.downtimeMsMax);
    await pause(SETTLE_MS);
  }
  reportProgress(`${plan.restarts} restarts`);
  for (const forMs of plan.freezes) {
    work.check();
    await freeze(server, forMs);
    await pause(SETTLE_MS);
  }
  reportProgress(`${plan.freezes.length} freezes`);
}

/** Waits until enough has happened for the run to mean something, so that a busy machine gets the time it needs. */
async function waitForActivity(
  work: BackgroundWork,
  contenders: Contenders,
  history: History,
  { locks }: Plan,
): Promise<void> {
  const endMs = nowMs() + ACTIVITY_WITHIN_MS;
  const least = (): number =>
    Math.min(contenders.abandoned, countOf(history, 'renew: gone'), countOf(history, 'renew: renewed'));
  while (least() < 2 * locks) {
    work.check();
    if (nowMs() > endMs)
      throw new ClaimBroken(`locks are stuck: only ${JSON.stringify([...history.counts])}`);
    await pause(100);
  }
  if (contenders.largestExpiryErrorMs < DAY_MS)
    throw new Error('the server did not notice the jumps of the clock');
}

function countOf({ counts }: History, what: string): number {
  return counts.get(what) ?? 0;
}
