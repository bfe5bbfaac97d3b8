import type { Parameters } from 'fast-check';

/** How many cases each property tries; `FUZZ_RUNS` asks for more. A failure prints the seed that repeats it, for `FUZZ_SEED`. */
export function budget(share = 1): Parameters<unknown> {
  const runs = Number(process.env['FUZZ_RUNS'] ?? 50);
  const seed = process.env['FUZZ_SEED'];
  return {
    numRuns: Math.max(1, Math.round(runs * share)),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  };
}
