import { EXCLUSIVE, SHARED, type Hold } from '../../core/model/demand.js';
import { PERMITS } from '../../core/model/limits.js';
import { parseLockName, type LockName } from '../../core/model/lock-name.js';
import { fieldsOf } from './stored-json.js';

/** The hold that a row stores. Null if it is not valid. */
export function readHold(value: unknown): Hold | null {
  const { mode, limit, slots } = fieldsOf(value);
  if (mode === 'exclusive') return EXCLUSIVE;
  if (mode === 'shared') return SHARED;
  if (mode !== 'counted' || !isIntegerIn(limit, PERMITS)) return null;
  return areSlots(slots, limit) ? { mode, limit, slots } : null;
}

export function readLockName(value: unknown): LockName | null {
  const parsed = parseLockName(typeof value === 'string' ? value : '');
  return parsed.ok ? parsed.name : null;
}

/** Whether these are slots of a lock with that limit, none of them twice. */
function areSlots(value: unknown, limit: number): value is number[] {
  if (!Array.isArray(value) || value.length === 0 || new Set(value).size < value.length) return false;
  return value.every((slot) => isIntegerIn(slot, { min: 0, max: limit - 1 }));
}

export function isIntegerIn(
  value: unknown,
  { min, max }: { readonly min: number; readonly max: number },
): value is number {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
}
