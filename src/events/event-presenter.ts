import { may, type Actor } from '../access/may.js';
import type { UserId } from '../core/model/ids.js';
import type { LockName } from '../core/model/lock-name.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import type { LockEventBody } from './event.dto.js';

/** Returns the login of an account, or null if it is unknown. */
export type LoginOf = (userId: UserId) => string | null;

/** How an event is presented. */
export interface Presentation {
  /** The locks of the lease that the reader may see. `visibleLocks` finds them. */
  readonly leaseLocks: readonly LockName[];
  /** Without it, the body has no `holder`. */
  readonly loginOf?: LoginOf;
}

/** The locks of an event's lease that a reader may see. If the reader may see all of them, it is the event's own list. */
export function visibleLocks({ body: { leaseLocks } }: LoggedEvent, reader: Actor): readonly LockName[] {
  const isVisible = (lockName: LockName): boolean => may(reader, 'observe', { lockName });
  return leaseLocks.length === 1 || leaseLocks.every(isVisible) ? leaseLocks : leaseLocks.filter(isVisible);
}

/**
 * The body that clients receive for a logged event, the same for webhooks and watch streams. It never contains a lease's id. Once
 * a lock is released or expired, it does not say who held it.
 */
export function presentEvent(event: LoggedEvent, { leaseLocks, loginOf }: Presentation): LockEventBody {
  switch (event.type) {
    case 'acquired':
    case 'renewed':
      return { ...presentLive(event, loginOf), ...presentLease(event, leaseLocks) };
    case 'released':
    case 'expired':
      return { ...presentEnded(event), ...presentLease(event, leaseLocks) };
    default:
      return unreachable(event);
  }
}

/** An event for testing a receiver. It looks like any other event, but it is not in the log, so its sequence is 0. */
export function presentTest(wallMs: number): object {
  return {
    event: 'test',
    lock: 'example',
    holder_id: null,
    fencing_token: null,
    timestamp: rfc3339(wallMs),
    sequence: 0,
    mode: 'exclusive',
  };
}

function presentLive(
  { type, subject, at, sequence, body }: LoggedEvent<'acquired' | 'renewed'>,
  loginOf?: LoginOf,
): Omit<LockEventBody, 'mode'> {
  const { userId } = body.holder;
  const login = loginOf?.(userId) ?? null;
  return {
    event: type,
    lock: subject.lockName,
    holder_id: userId,
    fencing_token: body.fencingToken,
    timestamp: rfc3339(at),
    sequence,
    expires_at: rfc3339(body.expiresAt),
    metadata: body.metadata,
    ...(login === null ? {} : { holder: login }),
  };
}

/** If others may still hold the lock, the token says which lease has ended. */
function presentEnded({
  type,
  subject,
  at,
  sequence,
  body,
}: LoggedEvent<'released' | 'expired'>): Omit<LockEventBody, 'mode'> {
  return {
    event: type,
    lock: subject.lockName,
    holder_id: null,
    fencing_token: body.hold.mode === 'exclusive' ? null : body.fencingToken,
    timestamp: rfc3339(at),
    sequence,
  };
}

function presentLease(
  { body: { hold, leaseLocks } }: LoggedEvent,
  visible: readonly LockName[],
): Pick<LockEventBody, 'mode' | 'limit' | 'slots' | 'lease_locks'> {
  return {
    mode: hold.mode,
    ...(hold.mode === 'counted' ? { limit: hold.limit, slots: hold.slots } : {}),
    ...(leaseLocks.length > 1 ? { lease_locks: visible } : {}),
  };
}

function rfc3339(wallMs: number): string {
  return new Date(wallMs).toISOString();
}

function unreachable(event: never): never {
  throw new Error(`unexpected event: ${JSON.stringify(event)}`);
}
