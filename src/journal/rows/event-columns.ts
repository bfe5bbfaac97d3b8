import { actorOf, serviceActor } from '../../core/model/event.js';
import type { FencingToken, Sequence, SessionId, UserId } from '../../core/model/ids.js';
import type { LockName } from '../../core/model/lock-name.js';
import type { LoggedEvent } from '../logged-event.js';
import { intrusionFrom, leaseDetailsFrom, storedDetails, warningFrom } from './event-details.js';
import type { EventRow } from './event-row.js';

/** Reads each column of the event log directly from an event, without creating a row object. */
export const EVENT_COLUMNS: { readonly [C in keyof EventRow]: (event: LoggedEvent) => EventRow[C] } = {
  sequence: ({ sequence }) => sequence,
  type: ({ type }) => type,
  lockName: ({ subject }) => subject.lockName,
  userId: ({ body }) => body.holder.userId,
  sessionId: ({ body }) => body.holder.sessionId,
  fencingToken: ({ body }) => body.fencingToken,
  expiresAt: ({ body }) => ('expiresAt' in body ? body.expiresAt : null),
  metadata: ({ body }) => body.metadata,
  occurredAt: ({ at }) => at,
  details: storedDetails,
};

/** The event that a row stores. Throws `UnusableRowError`. */
export function eventFromRow(row: EventRow): LoggedEvent {
  const userId = row.userId as UserId;
  const holder = { userId, sessionId: row.sessionId as SessionId | null };
  const lockName = row.lockName as LockName;
  const body = {
    holder,
    fencingToken: row.fencingToken as FencingToken,
    metadata: row.metadata,
    ...leaseDetailsFrom(row.details, lockName),
  };
  const expiresAt = row.expiresAt ?? row.occurredAt;
  const subject = { kind: 'lock', lockName } as const;
  const envelope = { sequence: row.sequence as Sequence, at: row.occurredAt, subject };
  switch (row.type) {
    case 'acquired':
    case 'renewed':
      return { ...envelope, actor: actorOf(row.type, userId), type: row.type, body: { ...body, expiresAt } };
    case 'released':
    case 'expired':
      return { ...envelope, actor: actorOf(row.type, userId), type: row.type, body };
    case 'broken': {
      const { actor, text } = intrusionFrom(row.details);
      return { ...envelope, actor, type: row.type, body: { ...body, reason: text ?? '' } };
    }
    case 'release_requested': {
      const { actor, text } = intrusionFrom(row.details);
      return { ...envelope, actor, type: row.type, body: { ...body, expiresAt, message: text } };
    }
    case 'warning':
      return {
        ...envelope,
        actor: serviceActor(),
        type: row.type,
        body: { ...body, warning: warningFrom(row.details) },
      };
    default:
      return unreachable(row.type);
  }
}

function unreachable(type: never): never {
  throw new Error(`unexpected type of event: ${String(type)}`);
}
