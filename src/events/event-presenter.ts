import type { Access } from '../access/access.js';
import type { Actor } from '../access/may.js';
import type { LockEventType } from '../core/model/event.js';
import type { LockName } from '../core/model/lock-name.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import {
  brokenFields,
  endedFields,
  leaseFields,
  liveFields,
  requestFields,
  rfc3339,
  warningFields,
  type LoginOf,
} from './event-fields.js';
import type { LockEventBody } from './event.dto.js';

/** How an event is presented. */
export interface Presentation {
  /** The type under which the reader gets the event. `typeFor` finds it. */
  readonly type: LockEventType;
  /** The locks of the lease that the reader may see. `visibleLocks` finds them. */
  readonly leaseLocks: readonly LockName[];
  readonly loginOf: LoginOf;
  /** Whether the body has the login of the holder. */
  readonly namesHolder: boolean;
}

/** The locks of an event's lease that a reader may see. If the reader may see all of them, it is the event's own list. */
export function visibleLocks(
  { body: { leaseLocks } }: LoggedEvent,
  reader: Actor,
  access: Access,
): readonly LockName[] {
  const isVisible = (lockName: LockName): boolean => access.may(reader, 'observe', { lockName });
  return leaseLocks.length === 1 || leaseLocks.every(isVisible) ? leaseLocks : leaseLocks.filter(isVisible);
}

/**
 * The body that clients receive for a logged event, the same for webhooks and watch streams. It never contains a lease's id. Once
 * a lease has ended, it does not say who had it.
 */
export function presentEvent(event: LoggedEvent, presentation: Presentation): LockEventBody {
  const lease = leaseFields(event, presentation.leaseLocks);
  const { type, loginOf } = presentation;
  switch (event.type) {
    case 'acquired':
    case 'renewed':
      return { ...liveFields(event), ...holderField(event, presentation), ...lease };
    case 'release_requested':
      return {
        ...liveFields(event),
        ...holderField(event, presentation),
        ...requestFields(event, loginOf),
        ...lease,
      };
    case 'released':
    case 'expired':
      return { ...endedFields(event, event.type), ...lease };
    case 'warning':
      return { ...warningFields(event, loginOf), ...holderField(event, presentation), ...lease };
    case 'broken':
      return { ...endedFields(event, type), ...endOfBroken(event, presentation), ...lease };
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

function holderField(
  { body: { holder } }: LoggedEvent,
  { namesHolder, loginOf }: Presentation,
): Pick<LockEventBody, 'holder'> {
  return namesHolder ? { holder: loginOf(holder.userId) } : {};
}

function endOfBroken(
  event: LoggedEvent<'broken'>,
  { type, loginOf }: Presentation,
): Partial<Pick<LockEventBody, 'fencing_token' | 'reason' | 'broken_by' | 'cause'>> {
  return type === 'broken' ? brokenFields(event, loginOf) : { cause: 'broken' };
}

function unreachable(event: never): never {
  throw new Error(`unexpected event: ${JSON.stringify(event)}`);
}
