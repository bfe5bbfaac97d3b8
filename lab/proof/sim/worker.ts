import { parentPort } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import { BUGS } from './bugs/bugs.js';
import { addCounts, noCounts, type Counts } from './figures.js';
import { simulate } from './simulation.js';

/** A task of one thread: each seed from `first` up to, but not including, `end`. */
export interface Job {
  readonly first: number;
  readonly end: number;
  /** The name of a bug to plant; the job ends as soon as the bug is noticed. */
  readonly bug: string | null;
}

export interface JobResult {
  readonly runs: number;
  /** Runs that were repeated, to check that they are the same. */
  readonly repeated: number;
  readonly counts: Counts;
  readonly broken: { readonly seed: number; readonly message: string } | null;
}

/** One run in this many is repeated. */
const REPEAT_EVERY = 50;

Logger.overrideLogger(false);
parentPort?.on('message', (job: Job) => void report(job));

async function report(job: Job): Promise<void> {
  parentPort?.postMessage(await work(job), []);
}

async function work({ first, end, bug }: Job): Promise<JobResult> {
  const remove = BUGS.find(({ name }) => name === bug)?.plant();
  const counts = noCounts();
  let runs = 0;
  let repeated = 0;
  let broken: JobResult['broken'] = null;
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
