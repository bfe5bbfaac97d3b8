import type { UserId } from '../core/model/ids.js';
import type { EventRow } from '../journal/rows/event-row.js';
import type { LockEventBody } from './event.dto.js';

/** Tells the login of an account; null if it is not known. */
export type LoginOf = (userId: UserId) => string | null;

/**
 * What clients are told of a logged event: the one form for webhooks and watch streams. Who held a lock that is free again
 * is not told, and a lease's id never is. Without `loginOf` the body has no `holder`.
 */
export function presentEvent(event: EventRow, loginOf?: LoginOf): LockEventBody {
  const isHeld = event.type === 'acquired' || event.type === 'renewed';
  return {
    event: event.type,
    lock: event.lockName,
    holder_id: isHeld ? event.userId : null,
    fencing_token: isHeld ? event.fencingToken : null,
    timestamp: rfc3339(event.occurredAt),
    sequence: event.sequence,
    ...(isHeld ? describeGrant(event, loginOf) : {}),
  };
}

function describeGrant(event: EventRow, loginOf?: LoginOf): Partial<LockEventBody> {
  const holder = loginOf?.(event.userId as UserId) ?? null;
  return {
    ...(event.expiresAt === null ? {} : { expires_at: rfc3339(event.expiresAt) }),
    metadata: event.metadata,
    ...(holder === null ? {} : { holder }),
  };
}

function rfc3339(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
