import type { AcquireRequest } from '../model/command.js';
import type { TicketId } from '../model/ids.js';
import type { Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import type { Session } from '../model/session.js';
import type { Due } from './deadline-heap.js';
import type { Linked, LinkedList } from './linked-list.js';

/** A lock that is held or waited for. Other locks have no record. */
export interface Lock {
  readonly name: LockName;
  /** The leases that hold the lock, in the order they were granted. */
  readonly leases: LinkedList<LeaseRecord>;
  /** Created for the first ticket, because most locks never have a queue. */
  queue: LinkedList<Place> | null;
}

export interface LeaseRecord extends Due, Linked<LeaseRecord> {
  readonly kind: 'lease';
  lease: Lease;
}

export interface SessionRecord extends Due {
  readonly kind: 'session';
  session: Session;
  readonly leases: Set<LeaseRecord>;
  readonly tickets: Set<Ticket>;
}

/** A waiting request. It exists in memory only, because it ends with its connection. */
export interface Ticket extends Due {
  readonly kind: 'ticket';
  readonly ticketId: TicketId;
  readonly request: AcquireRequest;
  /** One place in the queue of each lock it asks for. */
  readonly places: Place[];
}

/** A ticket's place in the queue of one lock. The lock's record is kept as long as its queue has a place. */
export interface Place extends Linked<Place> {
  readonly ticket: Ticket;
  readonly lock: Lock;
}

/** Everything that has a deadline. A ticket's deadline is the end of its wait. */
export type DueRecord = LeaseRecord | SessionRecord | Ticket;
