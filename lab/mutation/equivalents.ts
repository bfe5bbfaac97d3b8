import { readFileSync } from 'node:fs';
import type { Mutant } from './report.js';

/** A mutant that no test can find, because the program behaves the same. */
export interface Equivalent {
  readonly file: string;
  readonly code: string;
  readonly mutant: string;
  /** Why it behaves exactly like the original. */
  readonly reason: string;
}

export const EQUIVALENTS_FILE = 'lab/mutation/equivalents.json';

export function readEquivalents(): Equivalent[] {
  return JSON.parse(readFileSync(EQUIVALENTS_FILE, 'utf8')) as Equivalent[];
}

export function isEntryOf({ file, code, mutant }: Equivalent, other: Mutant): boolean {
  return other.file === file && other.code === code && other.mutant === mutant;
}
