import { EXCLUSIVE, type Hold } from '../../core/model/demand.js';
import { actorWith, type EventActor } from '../../core/model/event.js';
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
  const intrusion = intrusionOf(event);
  if (intrusion === null && hold.mode === 'exclusive' && leaseLocks.length === 1) return null;
  return JSON.stringify({ hold, leaseLocks, ...intrusion });
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

function intrusionOf(event: LoggedEvent): object | null {
  switch (event.type) {
    case 'broken':
      return { by: userOf(event.actor), text: event.body.reason };
    case 'release_requested':
      return { by: userOf(event.actor), text: event.body.message };
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

function readIntrusion(value: unknown): IntrusionDetails | null {
  const { by, text } = fieldsOf(value);
  if (!isTextOrNull(by) || !isTextOrNull(text)) return null;
  return { actor: actorWith(by as UserId | null), text };
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
