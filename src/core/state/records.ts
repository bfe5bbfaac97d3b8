import type { AcquireRequest } from '../model/command.js';
import type { Demand } from '../model/demand.js';
import type { Arrival, TicketId } from '../model/ids.js';
import type { LockName } from '../model/lock-name.js';
import type { Session } from '../model/session.js';
import type { Instant } from '../model/time.js';
import type { BrokenLeaseRecord } from './broken-leases.js';
import type { CoolingRecord } from './coolings.js';
import type { Due } from './deadline-heap.js';
import type { Holders } from './holders.js';
import type { LeaseRecord } from './lease-record.js';
import type { InLine, Line } from './line.js';
import type { Slots } from './slots.js';

/** A lock that is held, waited for or cooling. Other locks have no record. */
export interface Lock {
  readonly name: LockName;
  /** The leases that hold the lock, in the order they were granted. */
  readonly holders: Holders;
  /** Which slots are taken. Null unless the lock is held by counted leases. */
  slots: Slots | null;
  /** While the lock cools, no lease holds it and no one is granted it. */
  cooling: CoolingRecord | null;
  /** Created for the first ticket, because most locks never have a line. */
  line: Line<Place> | null;
}

export interface SessionRecord extends Due {
  readonly kind: 'session';
  session: Session;
  readonly leases: Set<LeaseRecord>;
  readonly tickets: Set<Ticket>;
  deadline: Instant;
}

/** A request in line. It exists in memory only. */
export interface Ticket extends Due {
  readonly kind: 'ticket';
  readonly ticketId: TicketId;
  readonly request: AcquireRequest;
  readonly arrival: Arrival;
  /** When the request first joined the line. */
  readonly since: Instant;
  /** Whether a client is waiting for the answer. If not, the place is silent, and kept until the deadline. */
  isAsking: boolean;
  /** One place in the line of each lock it asks for, in that order. */
  readonly places: Place[];
  /** The end of the wait, or of the time for which a silent place is kept. */
  deadline: Instant;
}

/** A ticket's place in the line of one lock. The lock's record is kept as long as its line has a place. */
export interface Place extends InLine {
  readonly ticket: Ticket;
  readonly lock: Lock;
  readonly demand: Demand;
}

/** Everything that has a deadline. */
export type DueRecord = LeaseRecord | SessionRecord | Ticket | CoolingRecord | BrokenLeaseRecord;
