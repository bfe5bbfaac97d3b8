import { Logger } from '@nestjs/common';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { BUGS } from './bugs/bugs.js';
import { addCounts, noCounts, type Counts } from './figures.js';
import { Fleet } from './fleet.js';
import { simulate } from './simulation.js';
import type { Job } from './worker.js';

const RUNS: Record<Budget, number> = { small: 3_000, full: 120_000 };

/** Seeds within which a planted bug must be noticed. */
const BUG_RUNS_MAX = 5_000;

/** Seeds that a thread simulates before it reports. */
const RUNS_PER_JOB = 500;

/** If less than this happens in a thousand runs, they prove nothing. */
const LEAST_PER_THOUSAND: Partial<Counts> = {
  steps: 100_000,
  grants: 2_000,
  waits: 800,
  grantsAfterWait: 300,
  abandoned: 100,
  renewals: 200,
  releases: 250,
  expiries: 1_000,
  conversions: 50,
  upgrades: 15,
  brokenLeases: 150,
  releaseRequests: 150,
  coolings: 100,
  fenceAdvances: 200,
  staleTokens: 20,
  crashes: 700,
  reboots: 200,
  failedCommits: 50,
  pauses: 500,
  wallJumps: 700,
  lostMessages: 1_000,
  repeatedMessages: 200,
  eventsRead: 4_000,
};

/** How many of the last lines of a broken run are shown. */
const LINES_SHOWN = 60;

/**
 * Runs the real law, store and jobs many times with a simulated clock, disk and network. A seed decides everything that happens in
 * a run. Checks everything that is decided, written and answered.
 */
export const sim: Proof = {
  name: 'sim',
  claim: 'in any order of events, crashes, delays and clock jumps the server keeps every word it has given',
  async run(context): Promise<Figures> {
    const fleet = new Fleet();
    try {
      const startedAt = performance.now();
      const { runs, repeated, counts } = await simulateMany(fleet, context);
      const seconds = (performance.now() - startedAt) / 1000;
      expectBusy(counts, runs);
      const hardest = await noticeBugs(fleet, context);
      return {
        seeds: runs,
        'seeds a second': Math.round(runs / seconds),
        'seeds repeated, with the same hash': repeated,
        'simulated hours': Math.round(counts.simulatedMs / 3_600_000),
        ...shown(counts),
        'planted bugs noticed': `${BUGS.length} of ${BUGS.length}`,
        'seeds for the hardest of them': hardest,
      };
    } finally {
      await fleet.end();
    }
  },
};

interface Total {
  runs: number;
  repeated: number;
  readonly counts: Counts;
}

async function simulateMany(fleet: Fleet, { budget, seed, reportProgress }: ProofContext): Promise<Total> {
  const total: Total = { runs: 0, repeated: 0, counts: noCounts() };
  const jobs: Job[] = [];
  for (let first = seed; first < seed + RUNS[budget]; first += RUNS_PER_JOB) {
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
  if (broken !== null) throw await explain(broken);
  return total;
}

/** Repeats a broken run, and shows what happened. */
async function explain({ seed, message }: { seed: number; message: string }): Promise<ClaimBroken> {
  Logger.overrideLogger(false);
  const { lines } = await simulate(seed, true);
  const shown = lines.slice(-LINES_SHOWN);
  const again = `npm run prove -- --only sim --budget small --seed ${seed}`;
  const left = lines.length - shown.length;
  const before = left > 0 ? `  … ${left} lines before\n` : '';
  return new ClaimBroken(`seed ${seed}: ${message}\n${before}${shown.join('\n')}\nTo repeat it: ${again}`);
}

function expectBusy(counts: Counts, runs: number): void {
  for (const [name, least] of Object.entries(LEAST_PER_THOUSAND)) {
    const count = counts[name as keyof Counts];
    if (count >= (least * runs) / 1_000) continue;
    throw new ClaimBroken(`${runs} runs had only ${count} ${name}: too few to prove anything`);
  }
}

/** Plants one bug after another. Returns how many runs the hardest one took. */
async function noticeBugs(fleet: Fleet, { seed, reportProgress }: ProofContext): Promise<number> {
  let hardest = 0;
  const unnoticed: string[] = [];
  const jobs = BUGS.map(({ name }) => ({ first: seed, end: seed + BUG_RUNS_MAX, bug: name }));
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
function shown(counts: Counts): Figures {
  const things = Object.entries(counts).filter(([name]) => name !== 'simulatedMs');
  return Object.fromEntries(things.map(([name, count]) => [inWords(name), count]));
}

function inWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
