import type { Hold } from './demand.js';
import type { FencingToken, Sequence, UserId } from './ids.js';
import type { Holder } from './lease.js';
import type { LockName } from './lock-name.js';
import type { LockSubject } from './subject.js';
import type { Instant } from './time.js';

export const LOCK_EVENT_TYPES = [
  'acquired',
  'released',
  'renewed',
  'expired',
  'broken',
  'release_requested',
  'warning',
] as const;

export type LockEventType = (typeof LOCK_EVENT_TYPES)[number];

/** Who caused an event: a user, someone with the admin key, or the service itself, such as when a lease expires. */
export type EventActor =
  | { readonly kind: 'user'; readonly userId: UserId }
  | { readonly kind: 'administrator' }
  | { readonly kind: 'service' };

const SERVICE: EventActor = { kind: 'service' };

/** The types of the events that only the service or the holder of the lease causes. */
export type OwnEventType = Exclude<LockEventType, 'broken' | 'release_requested' | 'warning'>;

/** Who causes such an event: the service if the lease expires, and otherwise the user who holds it. */
export function actorOf(type: OwnEventType, userId: UserId): EventActor {
  return type === 'expired' ? SERVICE : { kind: 'user', userId };
}

/** The service itself. */
export function serviceActor(): EventActor {
  return SERVICE;
}

/** The user, or someone with the admin key. */
export function actorWith(userId: UserId | null): EventActor {
  return userId === null ? { kind: 'administrator' } : { kind: 'user', userId };
}

/** What an event says about a lease that ended. The id of a lease is never logged. */
export interface EndedLease {
  readonly holder: Holder;
  readonly fencingToken: FencingToken;
  readonly metadata: string | null;
  /** How the lease holds, or held, the lock that the event is about. */
  readonly hold: Hold;
  /** All locks of the lease, in the order in which they were asked for. Each has an event of its own. */
  readonly leaseLocks: readonly LockName[];
}

/** What an event says about a lease that was granted or renewed. */
export interface LiveLease<Time> extends EndedLease {
  readonly expiresAt: Time;
}

/** What an event says about a lease that someone else ended. Its actor is the one who did. */
export interface BrokenLeaseBody extends EndedLease {
  readonly reason: string;
}

/** What an event says about a request to release a lock. The lease is the one that was granted first, the actor the one who asks. */
export interface ReleaseRequestBody<Time> extends LiveLease<Time> {
  readonly message: string | null;
}

export const LOCK_WARNINGS = ['renews_late', 'changes_hands_often'] as const;

/** What may need the attention of an operator. Durations are in milliseconds. */
export type LockWarning =
  /** The holder renewed its lease with little of the TTL left. If the next renewal is a little later, it loses the lock. */
  | { readonly kind: 'renews_late'; readonly marginMs: number; readonly ttlMs: number }
  /** Grants follow each other much faster than is usual, as they do if holders fail and are replaced. Average times between grants. */
  | { readonly kind: 'changes_hands_often'; readonly latelyMs: number; readonly usuallyMs: number };

/** What an event says that warns. The lease is the one whose grant or renewal was the reason. It may have ended since. */
export interface WarningBody extends EndedLease {
  readonly warning: LockWarning;
}

/** The subject and the body of each type of event. To log something new, begin with an entry here. */
interface Contents<Time> {
  readonly acquired: { readonly subject: LockSubject; readonly body: LiveLease<Time> };
  readonly renewed: { readonly subject: LockSubject; readonly body: LiveLease<Time> };
  readonly released: { readonly subject: LockSubject; readonly body: EndedLease };
  readonly expired: { readonly subject: LockSubject; readonly body: EndedLease };
  readonly broken: { readonly subject: LockSubject; readonly body: BrokenLeaseBody };
  readonly release_requested: { readonly subject: LockSubject; readonly body: ReleaseRequestBody<Time> };
  readonly warning: { readonly subject: LockSubject; readonly body: WarningBody };
}

export type EventType = keyof Contents<unknown>;

/** What all events have in common. */
interface Envelope<Type extends EventType, Time> {
  readonly sequence: Sequence;
  readonly at: Time;
  readonly actor: EventActor;
  readonly type: Type;
}

/** Something that happened. Its type determines its subject and its body. */
export type Event<Time, Type extends EventType = EventType> = {
  readonly [T in Type]: Envelope<T, Time> & Contents<Time>[T];
}[Type];

/** An event as a step reports it, with times on the timeline. It is logged in the same commit as the change it reports. */
export type ReportedEvent = Event<Instant>;
