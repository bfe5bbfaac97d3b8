import type { Patch } from '../history/test-build.js';

/** A mistake that somebody could make in what keeps clients from hurting one another. */
export interface AbuseBug {
  readonly name: string;
  /** The name of the attack that must notice it. */
  readonly attack: string;
  /** Fits what must be among the violations: a bug must be noticed for what it is. */
  readonly evidence: RegExp;
  readonly patches: readonly Patch[];
}

export const ABUSE_BUGS: readonly AbuseBug[] = [];
