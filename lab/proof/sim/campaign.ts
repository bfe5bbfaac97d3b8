import { Logger } from '@nestjs/common';
import { ClaimBroken, type Budget, type Figures, type ProofContext } from '../proof.js';
import { addCounts, type AnyCounts } from './figures.js';
import { Fleet } from './fleet.js';
import type { Job, Simulated } from './serve-jobs.js';

/** A simulation that proves something. */
export interface Campaign<C extends AnyCounts> extends Simulated<C> {
  /** Of the proof. */
  readonly name: string;
  /** What each thread runs. */
  readonly program: URL;
  readonly runs: Readonly<Record<Budget, number>>;
  /** Seeds within which a planted bug must be noticed. */
  readonly bugRunsMax: number;
  /** If less than this happens in a thousand runs, they prove nothing. */
  readonly leastPerThousand: Partial<C>;
}

/** Seeds that a thread simulates before it reports. */
const RUNS_PER_JOB = 500;

/** How many of the last lines of a broken run are shown. */
const LINES_SHOWN = 60;

/** Simulates many seeds, and then searches for each planted bug. */
export async function runCampaign<C extends AnyCounts>(
  campaign: Campaign<C>,
  context: ProofContext,
): Promise<Figures> {
  const fleet = new Fleet<C>(campaign.program);
  try {
    const startedAt = performance.now();
    const { runs, repeated, counts } = await simulateMany(campaign, fleet, context);
    const seconds = (performance.now() - startedAt) / 1000;
    expectBusy(campaign, counts, runs);
    const hardest = await noticeBugs(campaign, fleet, context);
    return {
      seeds: runs,
      'seeds a second': Math.round(runs / seconds),
      'seeds repeated, with the same hash': repeated,
      'simulated hours': Math.round((counts.simulatedMs ?? 0) / 3_600_000),
      ...shown(counts),
      'planted bugs noticed': `${campaign.bugs.length} of ${campaign.bugs.length}`,
      'seeds for the hardest of them': hardest,
    };
  } finally {
    await fleet.end();
  }
}

interface Total<C extends AnyCounts> {
  runs: number;
  repeated: number;
  readonly counts: C;
}

async function simulateMany<C extends AnyCounts>(
  campaign: Campaign<C>,
  fleet: Fleet<C>,
  { budget, seed, reportProgress }: ProofContext,
): Promise<Total<C>> {
  const total: Total<C> = { runs: 0, repeated: 0, counts: campaign.noCounts() };
  const jobs: Job[] = [];
  for (let first = seed; first < seed + campaign.runs[budget]; first += RUNS_PER_JOB) {
    jobs.push({ first, end: first + RUNS_PER_JOB, bug: null });
  }
  let broken: { seed: number; message: string } | null = null;
  await fleet.work(jobs, (result) => {
    total.runs += result.runs;
    total.repeated += result.repeated;
    addCounts(total.counts, result.counts);
    if (total.runs % 20_000 === 0) reportProgress(`${total.runs.toLocaleString('en')} runs`);
    if (result.broken === null) return true;
    broken = broken === null || result.broken.seed < broken.seed ? result.broken : broken;
    return false;
  });
  if (broken !== null) throw await explain(campaign, broken);
  return total;
}

/** Repeats a broken run, and shows what happened. */
async function explain<C extends AnyCounts>(
  { name, simulate }: Campaign<C>,
  { seed, message }: { seed: number; message: string },
): Promise<ClaimBroken> {
  Logger.overrideLogger(false);
  const { lines } = await simulate(seed, true);
  const shown = lines.slice(-LINES_SHOWN);
  const again = `npm run prove -- --only ${name} --budget small --seed ${seed}`;
  const left = lines.length - shown.length;
  const before = left > 0 ? `  … ${left} lines before\n` : '';
  return new ClaimBroken(`seed ${seed}: ${message}\n${before}${shown.join('\n')}\nTo repeat it: ${again}`);
}

function expectBusy<C extends AnyCounts>({ leastPerThousand }: Campaign<C>, counts: C, runs: number): void {
  for (const [name, least = 0] of Object.entries(leastPerThousand)) {
    const count = counts[name] ?? 0;
    if (count >= (least * runs) / 1_000) continue;
    throw new ClaimBroken(`${runs} runs had only ${count} ${name}: too few to prove anything`);
  }
}

/** Plants one bug after another. Returns how many runs the hardest one took. */
async function noticeBugs<C extends AnyCounts>(
  { bugs, bugRunsMax }: Campaign<C>,
  fleet: Fleet<C>,
  { seed, reportProgress }: ProofContext,
): Promise<number> {
  let hardest = 0;
  const unnoticed: string[] = [];
  const jobs = bugs.map(({ name }) => ({ first: seed, end: seed + bugRunsMax, bug: name }));
  await fleet.work(jobs, ({ runs, broken }, { bug }) => {
    hardest = Math.max(hardest, runs);
    if (broken === null) unnoticed.push(bug ?? '');
    reportProgress(
      `bug "${bug}": ${broken === null ? 'NOT NOTICED' : `seed ${broken.seed}, ${broken.message}`}`,
    );
    return true;
  });
  if (unnoticed.length > 0) throw new ClaimBroken(`the simulation did not notice: ${unnoticed.join(', ')}`);
  return hardest;
}

/** How often each thing happened; the simulated time is shown in hours. */
function shown(counts: AnyCounts): Figures {
  const things = Object.entries(counts).filter(([name]) => name !== 'simulatedMs');
  return Object.fromEntries(things.map(([name, count]) => [inWords(name), count]));
}

function inWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
