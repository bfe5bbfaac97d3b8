import { parentPort } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import { BUGS } from './bugs.js';
import { addCounts, noCounts, type Counts } from './figures.js';
import { live } from './simulation.js';

/** What one thread is to do: each seed from `first` up to, but not including, `end`. */
export interface Shift {
  readonly first: number;
  readonly end: number;
  /** The name of a bug to plant; the shift is over as soon as that is noticed. */
  readonly bug: string | null;
}

export interface ShiftResult {
  readonly lives: number;
  /** Lives that were lived a second time, to see that they are the same. */
  readonly repeated: number;
  readonly counts: Counts;
  readonly broken: { readonly seed: number; readonly message: string } | null;
}

/** One life in so many is lived twice. */
const REPEAT_EVERY = 50;

Logger.overrideLogger(false);
parentPort?.on('message', (shift: Shift) => void report(shift));

async function report(shift: Shift): Promise<void> {
  parentPort?.postMessage(await work(shift), []);
}

async function work({ first, end, bug }: Shift): Promise<ShiftResult> {
  const remove = BUGS.find(({ name }) => name === bug)?.plant();
  const counts = noCounts();
  let lives = 0;
  let repeated = 0;
  let broken: ShiftResult['broken'] = null;
  for (let seed = first; seed < end && broken === null; seed += 1) {
    const life = await live(seed);
    lives += 1;
    addCounts(counts, life.counts);
    if (life.broken !== null) broken = { seed, message: life.broken };
    else if (bug === null && lives % REPEAT_EVERY === 1) {
      repeated += 1;
      const { hash } = await live(seed);
      if (hash !== life.hash) broken = { seed, message: 'the same seed gave two different lives' };
    }
  }
  remove?.();
  return { lives, repeated, counts, broken };
}
