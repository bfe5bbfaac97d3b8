import type { Parameters } from 'fast-check';

/** How many cases each property tries. Set `FUZZ_RUNS` for more. A failure prints its seed: set `FUZZ_SEED` to repeat it. */
export function budget(share = 1): Parameters<unknown> {
  const runs = Number(process.env['FUZZ_RUNS'] ?? 50);
  const seed = process.env['FUZZ_SEED'];
  return {
    numRuns: Math.max(1, Math.round(runs * share)),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  };
}
