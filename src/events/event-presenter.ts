import type { UserId } from '../core/model/ids.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import type { LockEventBody } from './event.dto.js';

/** Tells the login of an account; null if it is not known. */
export type LoginOf = (userId: UserId) => string | null;

/**
 * What clients are told of a logged event: the one form for webhooks and watch streams. Who held a lock that is free again
 * is not told, and a lease's id never is. Without `loginOf` the body has no `holder`.
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

/** An event to try receivers with. It has the shape of others, but is in no log, so its sequence is 0. */
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
