import { powerLoss } from './disk/power-loss.js';
import type { Proof } from './proof.js';

/** Every proof, in the order in which they run. */
export const PROOFS: readonly Proof[] = [powerLoss];
