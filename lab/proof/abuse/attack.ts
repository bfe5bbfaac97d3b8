import type { Random } from '../../kit/random.js';
import type { Budget } from '../proof.js';
import type { Findings } from './findings.js';

/** What an attack works with. */
export interface Stage {
  /** The entry of the program that is attacked. */
  readonly main: string;
  readonly budget: Budget;
  /** Whether promised ratios of speed are judged too: only where the machine has little else to do. */
  readonly judgesSpeed: boolean;
  readonly dice: Random;
  readonly findings: Findings;
}

/** One way to hurt the service. */
export interface Attack {
  readonly name: string;
  /** Takes longer than the small budget has. */
  readonly isLong?: boolean;
  /** Notes in the stage's findings what must not be. What it throws counts as such as well. */
  run(stage: Stage): Promise<void>;
}
