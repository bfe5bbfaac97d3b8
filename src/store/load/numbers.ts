import type { Fence } from '../../core/model/fence.js';
import { lockCountOf, type Lease } from '../../core/model/lease.js';
import { LAST_NUMBER } from '../../core/model/limits.js';
import { assertNotMarked } from '../../journal/copy/assert-not-marked.js';
import type { ServerRow } from '../../journal/rows/server-row.js';

const COUNTERS = ['lastFencingToken', 'lastSequence', 'prunedThrough', 'restoredAt'] as const;
const TIMES = ['lastInstant', 'monotonicOffset', 'wallSkew'] as const;

/** With the numbers in this database the server could break its guarantees, so it must not start. */
export class UnusableNumbersError extends Error {
  override readonly name = 'UnusableNumbersError';
}

/** Throws `UnusableNumbersError` or `UnusableDatabaseError` unless the server can continue from the numbers in the database. */
export function assertUsableNumbers(
  server: ServerRow,
  leases: readonly Lease[],
  fences: readonly Fence[],
): void {
  assertNotMarked(server);
  for (const name of COUNTERS) assertNumber(name, server[name], 0);
  for (const name of TIMES) assertNumber(name, server[name], -LAST_NUMBER);
  // A fencing token above the counter would be issued a second time.
  for (const { fencingToken } of leases) {
    assertNumber('the fencing token of a lease', fencingToken, 1, server.lastFencingToken);
  }
  // A fence above the counter would refuse the tokens of grants to come.
  for (const { highest } of fences) {
    assertNumber('the highest token of a fence', highest, 1, server.lastFencingToken);
  }
  const locks = leases.reduce((sum, lease) => sum + lockCountOf(lease), 0);
  if (LAST_NUMBER - server.lastSequence >= locks) return;
  throw new UnusableNumbersError(
    `The database has used up its event numbers (the last is ${server.lastSequence}) while ${locks} locks are held. ` +
      'Their ends could not be reported. See "When the numbers run out" in docs/operations.md.',
  );
}

function assertNumber(name: string, value: number, min: number, max = LAST_NUMBER): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw new UnusableNumbersError(
    `The database cannot be used: ${name} is ${value}, but must be an integer from ${min} to ${max}. ` +
      'Put a backup in its place with "octostore restore FILE".',
  );
}
