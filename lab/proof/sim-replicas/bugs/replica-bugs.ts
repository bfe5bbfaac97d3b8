import type { Bug } from '../../sim/bugs/bug.js';
import { CHAIN_BUGS } from './chain-bugs.js';
import { LEAD_BUGS } from './lead-bugs.js';
import { LINE_BUGS } from './line-bugs.js';

/** Every bug that the simulation of replicas must notice. */
export const REPLICA_BUGS: readonly Bug[] = [...CHAIN_BUGS, ...LEAD_BUGS, ...LINE_BUGS];
