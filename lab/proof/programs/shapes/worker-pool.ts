import type { Actor } from '../actor.js';

/** Fewer than there are workers, so that they wait for each other. */
const GPUS = 3;

/** A worker that needs one or two GPUs. Their numbers are its slots. */
export async function useGpus(actor: Actor): Promise<void> {
  await actor.useOnce([{ name: 'gpu', limit: GPUS, permits: actor.random.pick([1, 1, 2]) }]);
}
