import type { LeaseId, TicketId, UserId } from '../model/ids.js';
import type { Ticket } from './records.js';
import { SetsByKey } from './sets-by-key.js';

/** All tickets, by their ids and by the lease ids that clients chose. Counts their places in line, since that is what limits count. */
export class Tickets {
  readonly #byId = new Map<TicketId, Ticket>();
  readonly #byChosenLease = new SetsByKey<string, Ticket>();
  readonly #placesByUser = new Map<UserId, number>();
  /** In the order in which they fell silent. */
  readonly #silent = new Set<Ticket>();
  readonly #silentByUser = new SetsByKey<UserId, Ticket>();
  #placeCount = 0;

  /** Tickets that are asking. */
  get askingCount(): number {
    return this.#byId.size - this.#silent.size;
  }

  get placeCount(): number {
    return this.#placeCount;
  }

  placeCountOf(userId: UserId): number {
    return this.#placesByUser.get(userId) ?? 0;
  }

  all(): Iterable<Ticket> {
    return this.#byId.values();
  }

  withId(ticketId: TicketId): Ticket | null {
    return this.#byId.get(ticketId) ?? null;
  }

  /** The user's tickets for a lease whose id the client chose. */
  withChosenLease(userId: UserId, leaseId: LeaseId): Iterable<Ticket> {
    if (!this.#placesByUser.has(userId)) return [];
    return this.#byChosenLease.of(keyOf(userId, leaseId)) ?? [];
  }

  /** The silent tickets, the one that has been silent longest first. */
  get silent(): Iterable<Ticket> {
    return this.#silent;
  }

  silentOf(userId: UserId): Iterable<Ticket> {
    return this.#silentByUser.of(userId) ?? [];
  }

  add(ticket: Ticket): void {
    const { holder, leaseId, leaseIdChosen } = ticket.request;
    this.#byId.set(ticket.ticketId, ticket);
    this.#count(ticket, 1);
    if (leaseIdChosen) this.#byChosenLease.add(keyOf(holder.userId, leaseId), ticket);
    if (!ticket.isAsking) this.addSilent(ticket);
  }

  delete(ticket: Ticket): void {
    const { holder, leaseId } = ticket.request;
    this.#byId.delete(ticket.ticketId);
    this.#count(ticket, -1);
    this.#byChosenLease.delete(keyOf(holder.userId, leaseId), ticket);
    this.#deleteSilent(ticket);
  }

  /** The ticket has fallen silent, or has been refreshed while it was silent. */
  addSilent(ticket: Ticket): void {
    this.#deleteSilent(ticket);
    this.#silent.add(ticket);
    this.#silentByUser.add(ticket.request.holder.userId, ticket);
  }

  #deleteSilent(ticket: Ticket): void {
    this.#silent.delete(ticket);
    this.#silentByUser.delete(ticket.request.holder.userId, ticket);
  }

  #count({ request }: Ticket, sign: 1 | -1): void {
    const { userId } = request.holder;
    const change = sign * request.wants.length;
    this.#placeCount += change;
    const count = this.placeCountOf(userId) + change;
    if (count === 0) this.#placesByUser.delete(userId);
    else this.#placesByUser.set(userId, count);
  }
}

function keyOf(userId: UserId, leaseId: LeaseId): string {
  return `${userId} ${leaseId}`;
}
