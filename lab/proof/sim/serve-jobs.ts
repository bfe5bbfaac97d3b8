import { parentPort } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import type { Bug } from './bugs/bug.js';
import { addCounts, type AnyCounts } from './figures.js';

/** A task of one thread: each seed from `first` up to, but not including, `end`. */
export interface Job {
  readonly first: number;
  readonly end: number;
  /** The name of a bug to plant; the job ends as soon as the bug is noticed. */
  readonly bug: string | null;
}

export interface JobResult<C extends AnyCounts> {
  readonly runs: number;
  /** Runs that were repeated, to check that they are the same. */
  readonly repeated: number;
  readonly counts: C;
  readonly broken: { readonly seed: number; readonly message: string } | null;
}

/** What came of one seed. */
export interface SimulatedRun<C extends AnyCounts> {
  readonly seed: number;
  readonly hash: number;
  readonly counts: C;
  /** The first invariant that was broken; null if none was. */
  readonly broken: string | null;
  /** What happened, if lines were requested. */
  readonly lines: readonly string[];
}

/** A simulation that a thread can run. */
export interface Simulated<C extends AnyCounts> {
  readonly simulate: (seed: number, keepsLines?: boolean) => Promise<SimulatedRun<C>>;
  readonly bugs: readonly Bug[];
  readonly noCounts: () => C;
}

/** One run in this many is repeated. */
const REPEAT_EVERY = 50;

/** Simulates what the main thread asks for. */
export function serveJobs<C extends AnyCounts>(simulated: Simulated<C>): void {
  Logger.overrideLogger(false);
  parentPort?.on('message', (job: Job) => void report(simulated, job));
}

async function report<C extends AnyCounts>(simulated: Simulated<C>, job: Job): Promise<void> {
  parentPort?.postMessage(await work(simulated, job), []);
}

async function work<C extends AnyCounts>(
  { simulate, bugs, noCounts }: Simulated<C>,
  { first, end, bug }: Job,
): Promise<JobResult<C>> {
  const remove = bugs.find(({ name }) => name === bug)?.plant();
  const counts = noCounts();
  let runs = 0;
  let repeated = 0;
  let broken: JobResult<C>['broken'] = null;
  for (let seed = first; seed < end && broken === null; seed += 1) {
    const run = await simulate(seed);
    runs += 1;
    addCounts(counts, run.counts);
    if (run.broken !== null) broken = { seed, message: run.broken };
    else if (bug === null && runs % REPEAT_EVERY === 1) {
      repeated += 1;
      const { hash } = await simulate(seed);
      if (hash !== run.hash) broken = { seed, message: 'the same seed gave two different runs' };
    }
  }
  remove?.();
  return { runs, repeated, counts, broken };
}
