import { BackgroundWork } from '../background-work.js';
import { Random } from '../../kit/random.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { checkHistory } from '../../kit/history/check-history.js';
import type { History } from '../../kit/history/history.js';
import { World } from '../../kit/load/world.js';
import { withServer } from '../../kit/server/built-server.js';
import { RestartedServer } from '../../kit/server/restarted-server.js';
import { demandSoundness } from '../history/demand-soundness.js';
import { freeze, restart, throwWallClockAbout } from './attacks.js';
import { Contenders } from './contenders.js';
import { FakeWallClock } from './fake-wall-clock.js';
import { LATE_MS_PROMISED, measurePunctuality, type PunctualityPlan } from './punctuality.js';

interface Plan {
  readonly locks: number;
  readonly jumpsOnlyMs: number;
  readonly restarts: number;
  readonly downAtMostMs: number;
  /** In milliseconds, one after the other. */
  readonly freezes: readonly number[];
  readonly punctuality: PunctualityPlan;
}

const PLANS: Readonly<Record<Budget, Plan>> = {
  small: {
    locks: 12,
    jumpsOnlyMs: 4000,
    restarts: 2,
    downAtMostMs: 1500,
    freezes: [1200, 3000],
    // On a machine that may be arbitrarily busy only what is wrong on any machine counts.
    punctuality: { leases: 1000, ttlMax: 3, lateMs: 60_000 },
  },
  full: {
    locks: 40,
    jumpsOnlyMs: 60_000,
    restarts: 20,
    downAtMostMs: 10_000,
    freezes: [30_000, ...Array.from({ length: 40 }, (_, index) => 200 + index * 150)],
    punctuality: { leases: 10_000, ttlMax: 5, lateMs: LATE_MS_PROMISED },
  },
};

const GRACE_SECONDS = 2;
const OPERATIONS_PER_LOCK = 600;
const DAY_MS = 86_400_000;

const ENOUGH_WITHIN_MS = 60_000;

/** Between two attacks the service gets this long to show what it made of the last one. */
const SETTLE_MS = 1500;

/** Leases against wall clocks that jump, servers that restart and freeze, and the calendar. */
export const time: Proof = {
  name: 'time',
  claim: 'no lease ends early or comes back, whatever happens to the wall clock; expiry is punctual',
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
    context.tell('leases were neither early nor revived; measuring how late they are');
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
  const dice = new Random(context.seed);
  const world = new World(plan.locks, OPERATIONS_PER_LOCK);
  const { history } = world;
  const contenders = new Contenders(() => server.address, world, dice.split());
  const work = new BackgroundWork();
  contenders.start(work, plan.locks);
  const jumping = new AbortController();
  const jumps = throwWallClockAbout(clock, dice.split(), jumping.signal);
  try {
    await pause(plan.jumpsOnlyMs);
    context.tell(`${clock.jumps} jumps of the wall clock`);
    await restartAndFreeze({ server, clock, dice, history }, work, plan, context);
    await enoughHappened(work, contenders, history, plan);
  } finally {
    jumping.abort();
    await jumps;
  }
  await work.stop();
  demandSoundness(world, checkHistory(history, server.outages));
  return {
    'jumps of the wall clock': clock.jumps,
    restarts: plan.restarts,
    'freezes of the server': plan.freezes.length,
    'longest freeze, s': Math.max(...plan.freezes) / 1000,
    grants: countOf(history, 'acquire: granted'),
    renewals: countOf(history, 'renew: renewed'),
    'renewals refused': countOf(history, 'renew: gone'),
    'leases left to run out': contenders.abandoned,
    'leases ended early, or revived': 0,
  };
}

interface Attacked {
  readonly server: RestartedServer;
  readonly clock: FakeWallClock;
  readonly dice: Random;
  readonly history: History;
}

async function restartAndFreeze(
  { server, ...tools }: Attacked,
  work: BackgroundWork,
  plan: Plan,
  { tell }: ProofContext,
): Promise<void> {
  for (let restarts = 0; restarts < plan.restarts; restarts += 1) {
    work.check();
    await restart(server, tools, plan.downAtMostMs);
    await pause(SETTLE_MS);
  }
  tell(`${plan.restarts} restarts`);
  for (const forMs of plan.freezes) {
    work.check();
    await freeze(server, forMs);
    await pause(SETTLE_MS);
  }
  tell(`${plan.freezes.length} freezes`);
}

/** A run in which too little happened shows nothing. A busy machine is given the time that it needs. */
async function enoughHappened(
  work: BackgroundWork,
  contenders: Contenders,
  history: History,
  { locks }: Plan,
): Promise<void> {
  const endMs = nowMs() + ENOUGH_WITHIN_MS;
  const least = (): number =>
    Math.min(contenders.abandoned, countOf(history, 'renew: gone'), countOf(history, 'renew: renewed'));
  while (least() < 2 * locks) {
    work.check();
    if (nowMs() > endMs)
      throw new ClaimBroken(`locks are stuck: only ${JSON.stringify([...history.counts])}`);
    await pause(100);
  }
  if (contenders.strangestExpiryMs < DAY_MS) throw new Error('the server did not see the jumps of the clock');
}

function countOf({ counts }: History, what: string): number {
  return counts.get(what) ?? 0;
}
