import type { Bug } from './bug.js';
import { COOLING_BUGS } from './cooling-bugs.js';
import { DURABILITY_BUGS } from './durability-bugs.js';
import { FENCE_BUGS } from './fence-bugs.js';
import { HOLDER_BUGS } from './holder-bugs.js';
import { LAW_BUGS } from './law-bugs.js';
import { LINE_BUGS } from './line-bugs.js';
import { MODE_BUGS } from './mode-bugs.js';
import { TIME_BUGS } from './time-bugs.js';

/** Every bug that the simulation must notice. */
export const BUGS: readonly Bug[] = [
  ...COOLING_BUGS,
  ...DURABILITY_BUGS,
  ...FENCE_BUGS,
  ...HOLDER_BUGS,
  ...LAW_BUGS,
  ...LINE_BUGS,
  ...MODE_BUGS,
  ...TIME_BUGS,
];
