import type { LockName } from '../../core/model/lock-name.js';
import type { Instant } from '../../core/model/time.js';
import type { WaitingRequest } from '../../core/state/state-view.js';

/** How many requests wait for a lock. */
export interface LineLength {
  readonly lockName: LockName;
  readonly waiters: number;
  /** When the first of them joined the line. */
  readonly since: Instant;
}

/** The longest lines first. Of those that are equally long, the one that began first. */
export interface LongestLines {
  readonly lines: readonly LineLength[];
  /** How many lines there are in all. */
  readonly total: number;
}

/**
 * @param max how many lines are listed. The time that this takes is in proportion to the number of requests, whatever it is.
 * @param isShown whether the line of a lock counts.
 */
export function longestLines(
  requests: Iterable<WaitingRequest>,
  max: number,
  isShown: (lockName: LockName) => boolean,
): LongestLines {
  const lengths = new Map<LockName, { waiters: number; since: Instant }>();
  for (const { lockNames, since } of requests) {
    for (const lockName of lockNames) {
      const known = lengths.get(lockName);
      if (known === undefined) lengths.set(lockName, { waiters: 1, since });
      else {
        known.waiters += 1;
        if (since < known.since) known.since = since;
      }
    }
  }
  let total = 0;
  const lines: LineLength[] = [];
  for (const [lockName, length] of lengths) {
    if (!isShown(lockName)) continue;
    total += 1;
    insert(lines, { lockName, ...length }, max);
  }
  return { lines, total };
}

/** Keeps the list in order, and at most this long. */
function insert(lines: LineLength[], line: LineLength, max: number): void {
  const last = lines.at(-1);
  if (lines.length === max && last !== undefined && !isBefore(line, last)) return;
  const at = lines.findIndex((other) => isBefore(line, other));
  lines.splice(at < 0 ? lines.length : at, 0, line);
  if (lines.length > max) lines.pop();
}

function isBefore(a: LineLength, b: LineLength): boolean {
  if (a.waiters !== b.waiters) return a.waiters > b.waiters;
  return a.since === b.since ? a.lockName < b.lockName : a.since < b.since;
}
