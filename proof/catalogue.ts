import { ioFaults } from './disk/io-faults.js';
import { powerLoss } from './disk/power-loss.js';
import { linearizable } from './history/linearizable.js';
import type { Proof } from './proof.js';

/** Every proof, in the order in which they run. */
export const PROOFS: readonly Proof[] = [powerLoss, ioFaults, linearizable];
