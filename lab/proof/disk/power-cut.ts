import type { Survival } from './file-image.js';

/** A moment at which the power goes, and how much of what was not synced it leaves. */
export interface PowerCut {
  /** So many entries of the log have happened. */
  readonly position: number;
  readonly seed: number;
  readonly survival: Survival;
}

export interface CutTask {
  readonly log: string;
  /** By position. */
  readonly cuts: readonly PowerCut[];
  /** For the files that are rebuilt. */
  readonly folder: string;
}

export interface CutReport {
  readonly cut: PowerCut;
  /** Answers that had been given before the cut. */
  readonly acknowledged: number;
  /** Promises that the store does not keep after the cut. */
  readonly broken: readonly string[];
  /** Why the store cannot be opened or its file is damaged; null if all is well. */
  readonly damage: string | null;
}
