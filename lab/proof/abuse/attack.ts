import type { Random } from '../../kit/random.js';
import type { Budget } from '../proof.js';
import type { Findings } from './findings.js';

/** What an attack needs to run. */
export interface AttackContext {
  /** The entry point of the program under attack. */
  readonly main: string;
  readonly budget: Budget;
  /** Whether to check speed too. This needs a machine that does little else. */
  readonly checksSpeed: boolean;
  readonly random: Random;
  readonly findings: Findings;
}

/** One way to harm the service. */
export interface Attack {
  readonly name: string;
  /** Takes too long for the small budget. */
  readonly isLong?: boolean;
  /** Adds violations to the context's findings. An error that it throws counts as a violation too. */
  run(context: AttackContext): Promise<void>;
}
