import type { HeldLock } from '../../core/model/demand.js';
import { leaseTerms, USUAL_TERMS, type LeaseTerms } from '../../core/model/lease.js';
import { LOCK_DELAY_SECONDS } from '../../core/model/limits.js';
import type { Instant } from '../../core/model/time.js';
import { isIntegerIn, readHold, readLockName } from './stored-hold.js';
import { fieldsOf, fromStoredJson, readList } from './stored-json.js';

/** The column `terms` of a lease. Null for almost every lease. */
export function storedTerms(terms: LeaseTerms): string | null {
  const { hold, others, lockDelaySeconds, keptUntil } = leaseTerms(terms);
  if (leaseTerms(terms) === USUAL_TERMS) return null;
  const cooling = { lockDelaySeconds: lockDelaySeconds || undefined, keptUntil: keptUntil ?? undefined };
  return JSON.stringify({ hold, others, ...cooling });
}

/** The terms that a row stores for a lease with this first lock. Throws `UnusableRowError`. */
export function termsFromColumn(terms: string | null, lockName: string): LeaseTerms {
  if (terms === null) return USUAL_TERMS;
  return fromStoredJson(terms, 'leases', (value) => readTerms(value, lockName));
}

function readTerms(value: unknown, first: string): LeaseTerms | null {
  const fields = fieldsOf(value);
  const hold = readHold(fields['hold']);
  const others = readList(fields['others'], readHeldLock);
  if (hold === null || others === null) return null;
  const lockDelaySeconds = fields['lockDelaySeconds'] ?? 0;
  const keptUntil = fields['keptUntil'] ?? null;
  if (!isIntegerIn(lockDelaySeconds, LOCK_DELAY_SECONDS) || !isInstantOrNull(keptUntil)) return null;
  const names = new Set<string>([first, ...others.map(({ lockName }) => lockName)]);
  return names.size === 1 + others.length ? { hold, others, lockDelaySeconds, keptUntil } : null;
}

function readHeldLock(value: unknown): HeldLock | null {
  const fields = fieldsOf(value);
  const lockName = readLockName(fields['lockName']);
  const hold = readHold(fields['hold']);
  return lockName === null || hold === null ? null : { lockName, hold };
}

function isInstantOrNull(value: unknown): value is Instant | null {
  return value === null || Number.isSafeInteger(value);
}
