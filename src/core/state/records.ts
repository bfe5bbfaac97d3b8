import type { AcquireRequest } from '../model/command.js';
import type { TicketId } from '../model/ids.js';
import type { Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import type { Session } from '../model/session.js';
import type { Due } from './deadline-heap.js';
import type { Linked, LinkedList } from './linked-list.js';

/** A lock that is held or waited for. Of any other there is no record. */
export interface Lock {
  readonly name: LockName;
  /** The leases that hold it, in the order of their grants. */
  readonly leases: LinkedList<LeaseRecord>;
  /** Made when the first ticket comes: most locks never have a queue. */
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

/** A request that waits. It is kept in memory only: it ends with its connection, and so with the process. */
export interface Ticket extends Due {
  readonly kind: 'ticket';
  readonly ticketId: TicketId;
  readonly request: AcquireRequest;
  /** One in the queue of each lock that it asks for. */
  readonly places: Place[];
}

/** Where a ticket stands in the queue of one lock. While it stands there, the record of the lock is kept. */
export interface Place extends Linked<Place> {
  readonly ticket: Ticket;
  readonly lock: Lock;
}

/** Everything that has a deadline. A ticket's is the end of its wait. */
export type DueRecord = LeaseRecord | SessionRecord | Ticket;
