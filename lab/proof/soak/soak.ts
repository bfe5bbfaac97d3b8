import { nowMs, pause } from '../../../src/process/time.js';
import { Random } from '../../kit/random.js';
import { ClaimBroken, type Figures, type Proof, type ProofContext } from '../proof.js';
import { SoakedServer } from './soaked-server.js';
import { showSample, trendsOf, type Measure, type Sample, type Trend } from '../../kit/trend.js';

interface Plan {
  /** How long the server is killed and started again and again, and how long it then lives on. */
  readonly restartingMs: number;
  readonly livingMs: number;
  readonly sampleEveryMs: number;
  readonly troubleEveryMs: number;
  /** Whether it counts how much the server holds. */
  readonly isJudged: boolean;
}

const FULL_MINUTES = 10;

/** In less a start cannot be told from a leak. */
const JUDGED_FROM_MINUTES = 5;

const RESTARTING_SHARE = 0.2;
/** Of the last life of the server, until its caches, its log of events and its heap have found their sizes. */
const WARM_UP_SHARE = 0.25;
const SAMPLES = 120;
const SAMPLE_EVERY_MS_MAX = 10_000;
const SAMPLES_MIN = 6;
const TOLD = 10;
const SMALL: Plan = {
  restartingMs: 3000,
  livingMs: 4000,
  sampleEveryMs: 500,
  troubleEveryMs: 800,
  isJudged: false,
};

/** What grows in a server that leaks on purpose, and how soon that is noticed even on a busy machine. */
const LEAKING: readonly Measure[] = ['memory', 'resident', 'descriptors', 'resources'];
const NOTICED_WITHIN_MS = 120_000;
const LEAK_SAMPLE_EVERY_MS = 250;

/** Days of work in minutes: everything that clients and machines do, over and over, and nothing may pile up. */
export const soak: Proof = {
  name: 'soak',
  claim:
    'under mixed load with faults all the while, nothing breaks, and neither memory, handles nor files grow',
  async run(context): Promise<Figures> {
    const noticed = await leaksThatAreNoticed(context);
    context.tell(`a leak that was planted is noticed: ${noticed.join('; ')}`);
    const plan = planOf(context);
    const soaked = await SoakedServer.start(new Random(context.seed), { leaks: false });
    try {
      await restartAgainAndAgain(soaked, plan);
      context.tell(`${soaked.troubles.restarts} restarts`);
      const trends = trendsOf(await liveOn(soaked, plan, context));
      const figures = { ...(await soaked.stop()), ...figuresOf(trends, plan) };
      if (plan.isJudged) expectFlat(trends);
      return figures;
    } finally {
      await soaked.remove();
    }
  },
};

function planOf({ budget, minutes }: ProofContext): Plan {
  if (minutes === null && budget === 'small') return SMALL;
  const lastsMs = (minutes ?? FULL_MINUTES) * 60_000;
  const livingMs = lastsMs * (1 - RESTARTING_SHARE);
  return {
    restartingMs: lastsMs * RESTARTING_SHARE,
    livingMs,
    sampleEveryMs: Math.min(livingMs / SAMPLES, SAMPLE_EVERY_MS_MAX),
    troubleEveryMs: 4000,
    isJudged: lastsMs >= JUDGED_FROM_MINUTES * 60_000,
  };
}

async function restartAgainAndAgain(soaked: SoakedServer, plan: Plan): Promise<void> {
  const endMs = nowMs() + plan.restartingMs;
  while (nowMs() < endMs) {
    await pause(plan.troubleEveryMs / 2);
    await soaked.troubles.disturb();
    await pause(plan.troubleEveryMs / 2);
    await soaked.troubles.restart();
    soaked.check();
  }
}

/** One life of the server, with everything but kills. Returns what it held all along, without the warm-up. */
async function liveOn(soaked: SoakedServer, plan: Plan, { tell }: ProofContext): Promise<Sample[]> {
  const startedMs = nowMs();
  const samples: Sample[] = [];
  const tellEveryMs = plan.livingMs / TOLD;
  let [troubleMs, tellMs] = [startedMs + plan.troubleEveryMs, startedMs];
  for (
    let livedMs = 0;
    livedMs < plan.livingMs || samples.length < SAMPLES_MIN;
    livedMs = nowMs() - startedMs
  ) {
    await pause(plan.sampleEveryMs);
    if (nowMs() > troubleMs) {
      await soaked.troubles.disturb();
      troubleMs = nowMs() + plan.troubleEveryMs;
    }
    soaked.check();
    const sample = await soaked.sample();
    if (livedMs >= plan.livingMs * WARM_UP_SHARE) samples.push(sample);
    if (nowMs() < tellMs) continue;
    tell(showSample(sample));
    tellMs += tellEveryMs;
  }
  return samples;
}

function figuresOf(trends: readonly Trend[], { isJudged }: Plan): Figures {
  const verdict = isJudged ? '' : ' (too short to judge)';
  return Object.fromEntries(trends.map((trend) => [trend.label, `${String(trend)}${verdict}`]));
}

function expectFlat(trends: readonly Trend[]): void {
  const growing = trends.filter(({ isFlat }) => !isFlat);
  if (growing.length === 0) return;
  throw new ClaimBroken(
    `the server grows: ${growing.map((trend) => `${trend.label}: ${String(trend)}`).join('; ')}`,
  );
}

/** A watchman who sleeps finds nothing: a server that leaks on purpose must be found out. */
async function leaksThatAreNoticed({ seed }: ProofContext): Promise<string[]> {
  const soaked = await SoakedServer.start(new Random(seed), { leaks: true });
  try {
    const samples: Sample[] = [];
    for (const endMs = nowMs() + NOTICED_WITHIN_MS; nowMs() < endMs; await pause(LEAK_SAMPLE_EVERY_MS)) {
      samples.push(await soaked.sample());
      if (samples.length < SAMPLES_MIN) continue;
      const growing = trendsOf(samples).filter(({ isFlat }) => !isFlat);
      const measures = new Set(growing.map(({ measure }) => measure));
      if (LEAKING.every((measure) => measures.has(measure))) {
        return growing.map((trend) => `${trend.label}: ${String(trend)}`);
      }
    }
    throw new ClaimBroken(`a leak that was planted is not noticed in ${samples.length} samples`);
  } finally {
    await soaked.remove();
  }
}
