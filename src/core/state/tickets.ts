import type { AcquireRequest } from '../model/command.js';
import type { TicketId, UserId } from '../model/ids.js';
import type { Ticket } from './records.js';

/** All tickets, by their ids and by the lease ids that clients chose, with a count per user. */
export class Tickets {
  readonly #byId = new Map<TicketId, Ticket>();
  readonly #byChosenLease = new Map<string, Ticket>();
  readonly #countByUser = new Map<UserId, number>();

  get count(): number {
    return this.#byId.size;
  }

  countOf(userId: UserId): number {
    return this.#countByUser.get(userId) ?? 0;
  }

  withId(ticketId: TicketId): Ticket | null {
    return this.#byId.get(ticketId) ?? null;
  }

  /** The ticket of the same holder for the same lease, if the client chose its id. */
  forChosenLease(request: AcquireRequest): Ticket | null {
    return request.leaseIdChosen ? (this.#byChosenLease.get(keyOf(request)) ?? null) : null;
  }

  add(ticket: Ticket): void {
    this.#byId.set(ticket.ticketId, ticket);
    this.#count(ticket, 1);
    if (ticket.request.leaseIdChosen) this.#byChosenLease.set(keyOf(ticket.request), ticket);
  }

  delete(ticket: Ticket): void {
    this.#byId.delete(ticket.ticketId);
    this.#count(ticket, -1);
    if (ticket.request.leaseIdChosen) this.#byChosenLease.delete(keyOf(ticket.request));
  }

  #count({ request }: Ticket, change: 1 | -1): void {
    const { userId } = request.holder;
    const count = this.countOf(userId) + change;
    if (count === 0) this.#countByUser.delete(userId);
    else this.#countByUser.set(userId, count);
  }
}

function keyOf({ lockName, leaseId, holder }: AcquireRequest): string {
  return `${lockName} ${leaseId} ${holder.userId} ${holder.sessionId ?? ''}`;
}
