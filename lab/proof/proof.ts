/** How much a proof does. `small` takes seconds and runs on every change. `full` is for when you want to be sure. */
export type Budget = 'small' | 'full';

/** The options from the command line. */
export interface Effort {
  readonly budget: Budget;
  /** The same seed repeats the same proof, as far as the proof is repeatable. */
  readonly seed: number;
  /** How long an open-ended proof runs. Null leaves that to the budget. */
  readonly minutes: number | null;
}

export interface ProofContext extends Effort {
  /** Prints a line of progress. */
  readonly reportProgress: (line: string) => void;
}

/** What was attacked and how often, by name, in display order. */
export type Figures = Readonly<Record<string, number | string>>;

/** An attack on one or more of the service's promises. */
export interface Proof {
  readonly name: string;
  /** An earlier name, which `--only` still accepts. */
  readonly formerName?: string;
  /** What the proof shows, in a sentence. */
  readonly claim: string;
  /** Resolves with figures if the claim holds. Throws `ClaimBroken`, or another error, if it does not. */
  run(context: ProofContext): Promise<Figures>;
}

/** The service broke a promise. The message says which one, and how to reproduce it. */
export class ClaimBroken extends Error {
  override readonly name = 'ClaimBroken';
}
