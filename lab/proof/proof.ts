/** How much a proof may do. `small` is for every change and takes seconds; `full` is for people who want to be sure. */
export type Budget = 'small' | 'full';

/** How much to do, as the command line says. */
export interface Effort {
  readonly budget: Budget;
  /** The same seed gives the same proof, as far as the proof is repeatable at all. */
  readonly seed: number;
  /** For how long a proof that can go on for ever does so; null leaves that to the budget. */
  readonly minutes: number | null;
}

export interface ProofContext extends Effort {
  /** Says in a line how far the proof has come. */
  readonly tell: (line: string) => void;
}

/** What was attacked how often, by name, in the order in which it is shown. */
export type Figures = Readonly<Record<string, number | string>>;

/** An attack on one or more promises of the service. */
export interface Proof {
  readonly name: string;
  /** What holds if the proof succeeds, in a sentence. */
  readonly claim: string;
  /** Resolves with figures if the claim held; throws `ClaimBroken` or any other error if not. */
  run(context: ProofContext): Promise<Figures>;
}

/** The service broke a promise. The message says which, and how to see it again. */
export class ClaimBroken extends Error {
  override readonly name = 'ClaimBroken';
}
