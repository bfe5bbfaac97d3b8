import type { Area } from './areas.js';
import { isEntryOf, type Equivalent } from './equivalents.js';
import type { Mutant, MutantStatus } from './report.js';

const FOUND: ReadonlySet<MutantStatus> = new Set(['Killed', 'Timeout']);
const ALIVE: ReadonlySet<MutantStatus> = new Set(['Survived', 'NoCoverage']);

/** The result of one area. */
export interface Score {
  readonly area: Area;
  readonly found: number;
  /** How many of those that were found were found by a time-out. A busy machine can be the cause of one. */
  readonly timedOut: number;
  readonly equivalent: number;
  /** Mutants that no test noticed and that are not known to be equivalent. */
  readonly alive: readonly Mutant[];
  /** The percentage of the non-equivalent mutants that were found. 100 if there are none. */
  readonly percent: number;
}

export function scoreOf(area: Area, all: readonly Mutant[], equivalents: readonly Equivalent[]): Score {
  const mutants = all.filter(({ file }) => file.startsWith(area.folder));
  const survivors = mutants.filter(({ status }) => ALIVE.has(status));
  const alive = survivors.filter((mutant) => !equivalents.some((entry) => isEntryOf(entry, mutant)));
  const found = mutants.filter(({ status }) => FOUND.has(status)).length;
  const timedOut = mutants.filter(({ status }) => status === 'Timeout').length;
  const counted = found + alive.length;
  const percent = counted === 0 ? 100 : (100 * found) / counted;
  return { area, found, timedOut, equivalent: survivors.length - alive.length, alive, percent };
}

/**
 * Entries about the mutated files that are out of date: the code has changed, or a test finds the mutant. A mutant that timed out
 * shows neither.
 */
export function staleEntries(equivalents: readonly Equivalent[], all: readonly Mutant[]): Equivalent[] {
  const files = new Set(all.map(({ file }) => file));
  return equivalents.filter((entry) => files.has(entry.file) && !isCurrent(entry, all));
}

function isCurrent(entry: Equivalent, all: readonly Mutant[]): boolean {
  const named = all.filter((mutant) => isEntryOf(entry, mutant));
  return named.length > 0 && named.every(({ status }) => ALIVE.has(status) || status === 'Timeout');
}
