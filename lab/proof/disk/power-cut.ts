import type { Survival } from './file-image.js';

/** A moment at which the power fails, and how much unsynced data survives. */
export interface PowerCut {
  /** How many entries of the log happened before it. */
  readonly position: number;
  readonly seed: number;
  readonly survival: Survival;
}

export interface CutTask {
  readonly log: string;
  /** Ordered by position. */
  readonly cuts: readonly PowerCut[];
  /** Where to rebuild the files. */
  readonly folder: string;
}

export interface CutReport {
  readonly cut: PowerCut;
  /** How many requests were answered before the cut. */
  readonly acknowledged: number;
  /** The promises that the store broke after the cut. */
  readonly broken: readonly string[];
  /** Why the store does not open, or how its file is damaged. Null if all is well. */
  readonly damage: string | null;
}
