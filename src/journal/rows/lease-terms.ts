import type { HeldLock } from '../../core/model/demand.js';
import { USUAL_TERMS, type LeaseTerms } from '../../core/model/lease.js';
import { readHold, readLockName } from './stored-hold.js';
import { fieldsOf, fromStoredJson, readList } from './stored-json.js';

/** The column `terms` of a lease. Null for almost every lease. */
export function storedTerms(terms: LeaseTerms): string | null {
  if (terms === USUAL_TERMS || isUsual(terms)) return null;
  return JSON.stringify(terms);
}

/** The terms that a row stores for a lease with this first lock. Throws `UnusableRowError`. */
export function termsFromColumn(terms: string | null, lockName: string): LeaseTerms {
  if (terms === null) return USUAL_TERMS;
  return fromStoredJson(terms, 'leases', (value) => readTerms(value, lockName));
}

function isUsual({ hold, others }: LeaseTerms): boolean {
  return hold.mode === 'exclusive' && others.length === 0;
}

function readTerms(value: unknown, first: string): LeaseTerms | null {
  const fields = fieldsOf(value);
  const hold = readHold(fields['hold']);
  const others = readList(fields['others'], readHeldLock);
  if (hold === null || others === null) return null;
  const names = new Set<string>([first, ...others.map(({ lockName }) => lockName)]);
  return names.size === 1 + others.length ? { hold, others } : null;
}

function readHeldLock(value: unknown): HeldLock | null {
  const fields = fieldsOf(value);
  const lockName = readLockName(fields['lockName']);
  const hold = readHold(fields['hold']);
  return lockName === null || hold === null ? null : { lockName, hold };
}
