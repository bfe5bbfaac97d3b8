import { nowMs, pause } from '../../../src/process/time.js';
import { Random } from '../../kit/random.js';
import { ClaimBroken, type Figures, type Proof, type ProofContext } from '../proof.js';
import { SoakedServer } from './soaked-server.js';
import { showSample, trendsOf, type Measure, type Sample, type Trend } from '../../kit/trend.js';

interface Plan {
  /** How long the server is restarted again and again, and how long it then runs without restarts. */
  readonly restartingMs: number;
  readonly runningMs: number;
  readonly sampleEveryMs: number;
  readonly faultEveryMs: number;
  /** Whether growth makes the proof fail. */
  readonly checksTrends: boolean;
}

const FULL_MINUTES = 10;

/** In shorter runs, warming up looks like a leak. */
const CHECKED_FROM_MINUTES = 5;

const RESTARTING_SHARE = 0.2;
/** The share of the run without restarts in which caches, the event log and the heap reach their sizes. */
const WARM_UP_SHARE = 0.25;
const SAMPLES = 120;
const SAMPLE_EVERY_MS_MAX = 10_000;
const SAMPLES_MIN = 6;
const PROGRESS_LINES = 10;
const SMALL: Plan = {
  restartingMs: 3000,
  runningMs: 4000,
  sampleEveryMs: 500,
  faultEveryMs: 800,
  checksTrends: false,
};

/** What grows in a server that leaks on purpose, and how soon this must be detected, even on a busy machine. */
const LEAKED_MEASURES: readonly Measure[] = ['memory', 'resident', 'descriptors', 'resources'];
const DETECTED_WITHIN_MS = 120_000;
const LEAK_SAMPLE_EVERY_MS = 250;

/** Compresses days of work into minutes: everything that clients and machines do, again and again. Nothing may pile up. */
export const soak: Proof = {
  name: 'soak',
  claim:
    'Under mixed load with constant faults, nothing breaks, and neither memory nor handles nor files grow.',
  async run(context): Promise<Figures> {
    const detected = await detectLeak(context);
    context.reportProgress(`a planted leak was detected: ${detected.join('; ')}`);
    const plan = planOf(context);
    const soaked = await SoakedServer.start(new Random(context.seed), { leaks: false });
    try {
      await restartRepeatedly(soaked, plan);
      context.reportProgress(`${soaked.faults.restarts} restarts`);
      const trends = trendsOf(await runWithoutRestarts(soaked, plan, context));
      const figures = { ...(await soaked.stop()), ...figuresOf(trends, plan) };
      if (plan.checksTrends) expectFlat(trends);
      return figures;
    } finally {
      await soaked.remove();
    }
  },
};

function planOf({ budget, minutes }: ProofContext): Plan {
  if (minutes === null && budget === 'small') return SMALL;
  const lastsMs = (minutes ?? FULL_MINUTES) * 60_000;
  const runningMs = lastsMs * (1 - RESTARTING_SHARE);
  return {
    restartingMs: lastsMs * RESTARTING_SHARE,
    runningMs,
    sampleEveryMs: Math.min(runningMs / SAMPLES, SAMPLE_EVERY_MS_MAX),
    faultEveryMs: 4000,
    checksTrends: lastsMs >= CHECKED_FROM_MINUTES * 60_000,
  };
}

async function restartRepeatedly(soaked: SoakedServer, plan: Plan): Promise<void> {
  const endMs = nowMs() + plan.restartingMs;
  while (nowMs() < endMs) {
    await pause(plan.faultEveryMs / 2);
    await soaked.faults.disturb();
    await pause(plan.faultEveryMs / 2);
    await soaked.faults.restart();
    soaked.check();
  }
}

/** Runs the server with all faults except restarts. Returns samples of what it used after the warm-up. */
async function runWithoutRestarts(
  soaked: SoakedServer,
  plan: Plan,
  { reportProgress }: ProofContext,
): Promise<Sample[]> {
  const startedMs = nowMs();
  const samples: Sample[] = [];
  const progressEveryMs = plan.runningMs / PROGRESS_LINES;
  let [nextFaultMs, nextProgressMs] = [startedMs + plan.faultEveryMs, startedMs];
  for (let ranMs = 0; ranMs < plan.runningMs || samples.length < SAMPLES_MIN; ranMs = nowMs() - startedMs) {
    await pause(plan.sampleEveryMs);
    if (nowMs() > nextFaultMs) {
      await soaked.faults.disturb();
      nextFaultMs = nowMs() + plan.faultEveryMs;
    }
    soaked.check();
    const sample = await soaked.sample();
    if (ranMs >= plan.runningMs * WARM_UP_SHARE) samples.push(sample);
    if (nowMs() < nextProgressMs) continue;
    reportProgress(showSample(sample));
    nextProgressMs += progressEveryMs;
  }
  return samples;
}

function figuresOf(trends: readonly Trend[], { checksTrends }: Plan): Figures {
  const note = checksTrends ? '' : ' (too short to check)';
  return Object.fromEntries(trends.map((trend) => [trend.label, `${String(trend)}${note}`]));
}

function expectFlat(trends: readonly Trend[]): void {
  const growing = trends.filter(({ isFlat }) => !isFlat);
  if (growing.length === 0) return;
  throw new ClaimBroken(
    `the server's use of resources grows: ${growing.map((trend) => `${trend.label}: ${String(trend)}`).join('; ')}`,
  );
}

/** A check that finds nothing proves nothing, so it must first detect a server that leaks on purpose. */
async function detectLeak({ seed }: ProofContext): Promise<string[]> {
  const soaked = await SoakedServer.start(new Random(seed), { leaks: true });
  try {
    const samples: Sample[] = [];
    for (const endMs = nowMs() + DETECTED_WITHIN_MS; nowMs() < endMs; await pause(LEAK_SAMPLE_EVERY_MS)) {
      samples.push(await soaked.sample());
      if (samples.length < SAMPLES_MIN) continue;
      const growing = trendsOf(samples).filter(({ isFlat }) => !isFlat);
      const measures = new Set(growing.map(({ measure }) => measure));
      if (LEAKED_MEASURES.every((measure) => measures.has(measure))) {
        return growing.map((trend) => `${trend.label}: ${String(trend)}`);
      }
    }
    throw new ClaimBroken(`a planted leak was not detected in ${samples.length} samples`);
  } finally {
    await soaked.remove();
  }
}
