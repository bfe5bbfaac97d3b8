import type { UserId } from '../model/ids.js';
import type { Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import { LinkedList } from './linked-list.js';
import type { LeaseRecord, Lock, Place, Ticket } from './records.js';
import { SetsByKey } from './sets-by-key.js';
import { SortedNames } from './sorted-names.js';

/**
 * The locks that are held or waited for, with their leases and queues. Leases are indexed by lock and by user, held names in
 * order.
 */
export class Locks {
  readonly #locks = new Map<LockName, Lock>();
  readonly #heldNames = new SortedNames<LockName>();
  readonly #leasesByUser = new SetsByKey<UserId, LeaseRecord>();
  #leaseCount = 0;

  get leaseCount(): number {
    return this.#leaseCount;
  }

  named(name: LockName): Lock | null {
    return this.#locks.get(name) ?? null;
  }

  /** The names of held locks, in order. Do not change the leases while you iterate. */
  heldNames(prefix: string, after: string | null): Generator<LockName> {
    return this.#heldNames.scan(prefix, after);
  }

  leasesOf(userId: UserId): ReadonlySet<LeaseRecord> | undefined {
    return this.#leasesByUser.of(userId);
  }

  leaseCountOf(userId: UserId): number {
    return this.#leasesByUser.countOf(userId);
  }

  recordOf(lease: Lease): LeaseRecord {
    const record = this.#locks
      .get(lease.lockName)
      ?.leases.find((other) => other.lease.fencingToken === lease.fencingToken);
    if (record === undefined || record === null)
      throw new Error(`there is no lease with fencing token ${lease.fencingToken}`);
    return record;
  }

  add(lease: Lease): LeaseRecord {
    const { leases, name } = this.#namedOrNew(lease.lockName);
    const record = newRecord(lease);
    leases.push(record);
    if (leases.length === 1) this.#heldNames.add(name);
    this.#leasesByUser.add(lease.holder.userId, record);
    this.#leaseCount += 1;
    return record;
  }

  remove(lease: Lease): LeaseRecord {
    const record = this.recordOf(lease);
    const lock = this.#namedOrNew(lease.lockName);
    lock.leases.remove(record);
    if (lock.leases.length === 0) this.#heldNames.delete(lock.name);
    this.#leasesByUser.delete(lease.holder.userId, record);
    this.#leaseCount -= 1;
    this.#forgetIfUnused(lock);
    return record;
  }

  /** Adds the ticket at the end of the lock's queue. */
  join(ticket: Ticket, name: LockName): void {
    const lock = this.#namedOrNew(name);
    const place = newPlace(ticket, lock);
    lock.queue ??= new LinkedList<Place>();
    lock.queue.push(place);
    ticket.places.push(place);
  }

  /** Puts the ticket in the places of an earlier one. */
  takeOver(ticket: Ticket, earlier: Ticket): void {
    for (const place of earlier.places) {
      const successor = newPlace(ticket, place.lock);
      place.lock.queue?.replace(place, successor);
      ticket.places.push(successor);
    }
  }

  leave(ticket: Ticket): void {
    for (const place of ticket.places) {
      place.lock.queue?.remove(place);
      this.#forgetIfUnused(place.lock);
    }
  }

  #namedOrNew(name: LockName): Lock {
    let lock = this.#locks.get(name);
    if (lock === undefined) {
      lock = { name, leases: new LinkedList<LeaseRecord>(), queue: null };
      this.#locks.set(name, lock);
    }
    return lock;
  }

  #forgetIfUnused(lock: Lock): void {
    if (lock.leases.length === 0 && (lock.queue?.length ?? 0) === 0) this.#locks.delete(lock.name);
  }
}

function newRecord(lease: Lease): LeaseRecord {
  return { kind: 'lease', lease, deadline: lease.deadline, heapIndex: -1, previous: null, next: null };
}

function newPlace(ticket: Ticket, lock: Lock): Place {
  return { ticket, lock, previous: null, next: null };
}
