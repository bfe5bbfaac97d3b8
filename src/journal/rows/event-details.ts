import { EXCLUSIVE, type Hold } from '../../core/model/demand.js';
import type { LockName } from '../../core/model/lock-name.js';
import { readHold, readLockName } from './stored-hold.js';
import { fieldsOf, fromStoredJson, readList } from './stored-json.js';

/** How the lease of an event holds its lock, and the names of all locks of that lease. */
export interface EventDetails {
  readonly hold: Hold;
  readonly leaseLocks: readonly LockName[];
}

/** The column `details` of an event. Null for almost every event. */
export function storedDetails({ hold, leaseLocks }: EventDetails): string | null {
  if (hold.mode === 'exclusive' && leaseLocks.length === 1) return null;
  return JSON.stringify({ hold, leaseLocks });
}

/** The details that a row stores. Throws `UnusableRowError`. */
export function detailsFromColumn(details: string | null, lockName: LockName): EventDetails {
  if (details === null) return { hold: EXCLUSIVE, leaseLocks: [lockName] };
  return fromStoredJson(details, 'events', readDetails);
}

function readDetails(value: unknown): EventDetails | null {
  const fields = fieldsOf(value);
  const hold = readHold(fields['hold']);
  const leaseLocks = readList(fields['leaseLocks'], readLockName);
  return hold === null || leaseLocks === null ? null : { hold, leaseLocks };
}
