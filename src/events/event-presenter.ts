import type { UserId } from '../core/model/ids.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import type { LockEventBody } from './event.dto.js';

/** Returns the login of an account, or null if it is unknown. */
export type LoginOf = (userId: UserId) => string | null;

/**
 * The body that clients receive for a logged event, the same for webhooks and watch streams. It never contains a lease's id. Once
 * a lock is released or expired, it does not say who held it. Without `loginOf` the body has no `holder`.
 */
export function presentEvent(event: LoggedEvent, loginOf?: LoginOf): LockEventBody {
  switch (event.type) {
    case 'acquired':
    case 'renewed':
      return presentLive(event, loginOf);
    case 'released':
    case 'expired':
      return presentEnded(event);
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
  };
}

function presentLive(
  { type, subject, at, sequence, body }: LoggedEvent<'acquired' | 'renewed'>,
  loginOf?: LoginOf,
): LockEventBody {
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

function presentEnded({ type, subject, at, sequence }: LoggedEvent<'released' | 'expired'>): LockEventBody {
  return {
    event: type,
    lock: subject.lockName,
    holder_id: null,
    fencing_token: null,
    timestamp: rfc3339(at),
    sequence,
  };
}

function rfc3339(wallMs: number): string {
  return new Date(wallMs).toISOString();
}

function unreachable(event: never): never {
  throw new Error(`unexpected event: ${JSON.stringify(event)}`);
}
