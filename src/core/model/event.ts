import type { FencingToken, Sequence, UserId } from './ids.js';
import type { Holder } from './lease.js';
import type { LockSubject } from './subject.js';
import type { Instant } from './time.js';

export const LOCK_EVENT_TYPES = ['acquired', 'released', 'renewed', 'expired'] as const;

export type LockEventType = (typeof LOCK_EVENT_TYPES)[number];

/** Who caused an event: a user, or the service itself, such as when a lease expires. */
export type EventActor = { readonly kind: 'user'; readonly userId: UserId } | { readonly kind: 'service' };

/** What is logged of a lease that has ended. A lease's id is never logged. */
export interface EndedLease {
  readonly holder: Holder;
  readonly fencingToken: FencingToken;
  readonly metadata: string | null;
}

/** What is logged of a lease that was granted or renewed. */
export interface LiveLease<Time> extends EndedLease {
  readonly expiresAt: Time;
}

/** What an event of each type is about, and what it says. To log something new, begin with an entry here. */
interface Contents<Time> {
  readonly acquired: { readonly subject: LockSubject; readonly body: LiveLease<Time> };
  readonly renewed: { readonly subject: LockSubject; readonly body: LiveLease<Time> };
  readonly released: { readonly subject: LockSubject; readonly body: EndedLease };
  readonly expired: { readonly subject: LockSubject; readonly body: EndedLease };
}

export type EventType = keyof Contents<unknown>;

/** What all events have, whatever their type. */
interface Envelope<Type extends EventType, Time> {
  readonly sequence: Sequence;
  readonly at: Time;
  readonly actor: EventActor;
  readonly type: Type;
}

/** Something that happened. Its type tells what it is about and what its body is. */
export type Event<Time, Type extends EventType = EventType> = {
  readonly [T in Type]: Envelope<T, Time> & Contents<Time>[T];
}[Type];

/** An event as the law reports it, on the time line. It is logged in the same commit as the change that it reports. */
export type ReportedEvent = Event<Instant>;
