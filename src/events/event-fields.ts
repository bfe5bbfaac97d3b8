import type { EventActor, LockEventType, LockWarning } from '../core/model/event.js';
import type { UserId } from '../core/model/ids.js';
import type { LockName } from '../core/model/lock-name.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import { ADMINISTRATOR } from '../locks/administrator.js';
import type { LockEventBody } from './event.dto.js';
import { warningInWords } from './warning-words.js';

/** Returns the login of an account. */
export type LoginOf = (userId: UserId) => string;

/** The parts of `LockEventBody`. */
type CommonFields = Omit<LockEventBody, 'mode'>;

/** What events say about a lease that goes on. */
export function liveFields({
  type,
  subject,
  at,
  sequence,
  body,
}: LoggedEvent<'acquired' | 'renewed' | 'release_requested'>): CommonFields {
  return {
    event: type,
    lock: subject.lockName,
    holder_id: body.holder.userId,
    fencing_token: body.fencingToken,
    timestamp: rfc3339(at),
    sequence,
    expires_at: rfc3339(body.expiresAt),
    metadata: body.metadata,
  };
}

/** What events say about a lease that has ended. If others may still hold the lock, the token says which lease. */
export function endedFields(
  { subject, at, sequence, body }: LoggedEvent<'released' | 'expired' | 'broken'>,
  event: LockEventType,
): CommonFields {
  return {
    event,
    lock: subject.lockName,
    holder_id: null,
    fencing_token: body.hold.mode === 'exclusive' ? null : body.fencingToken,
    timestamp: rfc3339(at),
    sequence,
  };
}

/** Who broke a lease, and why. */
export function brokenFields(
  { actor, body }: LoggedEvent<'broken'>,
  loginOf: LoginOf,
): Pick<LockEventBody, 'fencing_token' | 'reason' | 'broken_by'> {
  return {
    fencing_token: body.fencingToken,
    reason: body.reason,
    broken_by: nameOf(actor, loginOf),
  };
}

/** The user that asks for a lock, and the reason. */
export function requestFields(
  { actor, body }: LoggedEvent<'release_requested'>,
  loginOf: LoginOf,
): Pick<LockEventBody, 'requested_by' | 'message'> {
  return { requested_by: nameOf(actor, loginOf), message: body.message };
}

/** What may need attention. The lease may have ended since. */
export function warningFields(
  { type, subject, at, sequence, body }: LoggedEvent<'warning'>,
  loginOf: LoginOf,
): CommonFields {
  const { holder, fencingToken, warning } = body;
  return {
    event: type,
    lock: subject.lockName,
    holder_id: holder.userId,
    fencing_token: fencingToken,
    timestamp: rfc3339(at),
    sequence,
    warning: warning.kind,
    summary: warningInWords(warning, loginOf(holder.userId)),
    ...warningFigures(warning),
  };
}

function warningFigures(warning: LockWarning): Partial<LockEventBody> {
  switch (warning.kind) {
    case 'renews_late':
      return { margin_ms: warning.marginMs, ttl_ms: warning.ttlMs };
    case 'changes_hands_often':
      return {
        interval_ms: Math.round(warning.latelyMs),
        usual_interval_ms: Math.round(warning.usuallyMs),
      };
    default:
      return unreachable(warning);
  }
}

/** How the lease holds the lock, and which other locks it has. */
export function leaseFields(
  { body: { hold, leaseLocks } }: LoggedEvent,
  visible: readonly LockName[],
): Pick<LockEventBody, 'mode' | 'limit' | 'slots' | 'lease_locks'> {
  return {
    mode: hold.mode,
    ...(hold.mode === 'counted' ? { limit: hold.limit, slots: hold.slots } : {}),
    ...(leaseLocks.length > 1 ? { lease_locks: visible } : {}),
  };
}

export function rfc3339(wallMs: number): string {
  return new Date(wallMs).toISOString();
}

export function nameOf(actor: EventActor, loginOf: LoginOf): string {
  switch (actor.kind) {
    case 'user':
      return loginOf(actor.userId);
    case 'administrator':
      return ADMINISTRATOR;
    case 'service':
      return 'octostore';
    default:
      return unreachable(actor);
  }
}

function unreachable(value: never): never {
  throw new Error(`unexpected: ${JSON.stringify(value)}`);
}
