import { EXCLUSIVE, type Hold } from '../../core/model/demand.js';
import { actorWith, type EventActor, type LockWarning } from '../../core/model/event.js';
import type { UserId } from '../../core/model/ids.js';
import type { LockName } from '../../core/model/lock-name.js';
import type { LoggedEvent } from '../logged-event.js';
import { readHold, readLockName } from './stored-hold.js';
import { fieldsOf, fromStoredJson, readList } from './stored-json.js';

/** How the lease of an event holds its lock, and the names of all locks of that lease. */
export interface LeaseDetails {
  readonly hold: Hold;
  readonly leaseLocks: readonly LockName[];
}

/** What someone other than the holder did, and why. */
export interface IntrusionDetails {
  readonly actor: EventActor;
  /** The reason for a break, or the message of a request to release. */
  readonly text: string | null;
}

/** The column `details` of an event. Null for almost every event. */
export function storedDetails(event: LoggedEvent): string | null {
  const { hold, leaseLocks } = event.body;
  const particulars = particularsOf(event);
  if (particulars === null && hold.mode === 'exclusive' && leaseLocks.length === 1) return null;
  return JSON.stringify({ hold, leaseLocks, ...particulars });
}

/** What the row of any event stores about its lease. Throws `UnusableRowError`. */
export function leaseDetailsFrom(details: string | null, lockName: LockName): LeaseDetails {
  if (details === null) return { hold: EXCLUSIVE, leaseLocks: [lockName] };
  return fromStoredJson(details, 'events', readLeaseDetails);
}

/** What the row of a break, or of a request to release, stores besides. Throws `UnusableRowError`. */
export function intrusionFrom(details: string | null): IntrusionDetails {
  return fromStoredJson(details ?? 'null', 'events', readIntrusion);
}

/** What the row of a warning stores besides. Throws `UnusableRowError`. */
export function warningFrom(details: string | null): LockWarning {
  return fromStoredJson(details ?? 'null', 'events', readWarning);
}

/** What only events of this type store. */
function particularsOf(event: LoggedEvent): object | null {
  switch (event.type) {
    case 'broken':
      return { by: userOf(event.actor), text: event.body.reason };
    case 'release_requested':
      return { by: userOf(event.actor), text: event.body.message };
    case 'warning':
      return { warning: event.body.warning };
    default:
      return null;
  }
}

function userOf(actor: EventActor): UserId | null {
  return actor.kind === 'user' ? actor.userId : null;
}

function readLeaseDetails(value: unknown): LeaseDetails | null {
  const fields = fieldsOf(value);
  const hold = readHold(fields['hold']);
  const leaseLocks = readList(fields['leaseLocks'], readLockName);
  return hold === null || leaseLocks === null ? null : { hold, leaseLocks };
}

function readWarning(value: unknown): LockWarning | null {
  const { kind, marginMs, ttlMs, latelyMs, usuallyMs } = fieldsOf(fieldsOf(value)['warning']);
  if (kind === 'renews_late' && isNumber(marginMs) && isNumber(ttlMs)) return { kind, marginMs, ttlMs };
  if (kind === 'changes_hands_often' && isNumber(latelyMs) && isNumber(usuallyMs))
    return { kind, latelyMs, usuallyMs };
  return null;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function readIntrusion(value: unknown): IntrusionDetails | null {
  const { by, text } = fieldsOf(value);
  if (!isTextOrNull(by) || !isTextOrNull(text)) return null;
  return { actor: actorWith(by as UserId | null), text };
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
