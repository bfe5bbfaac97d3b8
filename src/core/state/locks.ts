import type { LeaseId, UserId } from '../model/ids.js';
import type { HeldLock, Hold } from '../model/demand.js';
import { holdsLock, lockCountOf, locksOf, type Holder, type Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import type { Cooling } from '../model/cooling.js';
import type { ReleaseRequest } from '../model/release-request.js';
import { CoolingRecord, Coolings } from './coolings.js';
import { Holders } from './holders.js';
import { LeasesByUser } from './leases-by-user.js';
import { Line } from './line.js';
import { LingeringMap } from './lingering-map.js';
import { LeaseRecord, OtherEntry, type HolderEntry } from './lease-record.js';
import type { Lock, Place, Ticket } from './records.js';
import { Slots } from './slots.js';
import { SortedNames } from './sorted-names.js';

/** The locks that are held, waited for or cooling, with their leases and lines. Leases are indexed by lock and by user, held names in order. */
export class Locks {
  readonly #locks = new LingeringMap<LockName, Lock>();
  readonly #heldNames = new SortedNames<LockName>();
  readonly #leasesByUser = new LeasesByUser();
  readonly #coolings = new Coolings();
  /** The latest request to release each lock. There are hardly ever any. */
  readonly #releaseRequests = new Map<LockName, ReleaseRequest>();
  #leaseCount = 0;
  #lockCount = 0;

  get leaseCount(): number {
    return this.#leaseCount;
  }

  /** How many locks all leases hold together. A lock that several leases hold counts once for each. */
  get lockCount(): number {
    return this.#lockCount;
  }

  named(name: LockName): Lock | null {
    return this.#locks.get(name) ?? null;
  }

  /** The names of held locks from `start` on, in order. Do not change the leases while you iterate. */
  heldNames(prefix: string, start: string): Generator<LockName> {
    return this.#heldNames.scan(prefix, start);
  }

  leasesOf(userId: UserId): Iterable<LeaseRecord> {
    return this.#leasesByUser.of(userId);
  }

  leasesWithId(userId: UserId, leaseId: LeaseId): Iterable<LeaseRecord> {
    return this.#leasesByUser.withId(userId, leaseId);
  }

  /** The user's lease with this id that holds the lock. There is at most one. */
  leaseWithId({ name, holders }: Lock, userId: UserId, leaseId: LeaseId): LeaseRecord | null {
    if (holders.areFew) {
      const isSought = ({ lease }: HolderEntry): boolean =>
        lease.leaseId === leaseId && lease.holder.userId === userId;
      return holders.find(isSought)?.record ?? null;
    }
    for (const record of this.leasesWithId(userId, leaseId)) if (holdsLock(record.lease, name)) return record;
    return null;
  }

  lockCountOf(userId: UserId): number {
    return this.#leasesByUser.lockCountOf(userId);
  }

  get coolings(): Omit<Coolings, 'add' | 'delete'> {
    return this.#coolings;
  }

  /** An equal holder, which other leases already have if possible. */
  sharedHolder(holder: Holder): Holder {
    return this.#leasesByUser.shared(holder);
  }

  recordOf(lease: Lease): LeaseRecord {
    return this.#recordIn(this.#existing(lease.lockName), lease);
  }

  #recordIn(lock: Lock, lease: Lease): LeaseRecord {
    const record = this.leaseWithId(lock, lease.holder.userId, lease.leaseId);
    if (record?.lease.fencingToken === lease.fencingToken) return record;
    throw new Error(`there is no lease with fencing token ${lease.fencingToken}`);
  }

  add(lease: Lease): LeaseRecord {
    const record = newRecord(lease);
    this.#hold(lease.lockName, lease.terms.hold, record);
    for (const [other, { lockName, hold }] of otherEntriesOf(record)) this.#hold(lockName, hold, other);
    this.#leasesByUser.add(record);
    this.#leaseCount += 1;
    this.#lockCount += lockCountOf(lease);
    return record;
  }

  remove(lease: Lease): LeaseRecord {
    const lock = this.#existing(lease.lockName);
    const record = this.#recordIn(lock, lease);
    this.#letGo(lock, record.lease.terms.hold, record);
    for (const [other, { lockName, hold }] of otherEntriesOf(record)) {
      this.#letGo(this.#existing(lockName), hold, other);
    }
    this.#leasesByUser.remove(record);
    this.#leaseCount -= 1;
    this.#lockCount -= lockCountOf(lease);
    return record;
  }

  beginCooling(cooling: Cooling): CoolingRecord {
    const lock = this.#namedOrNew(cooling.lockName);
    const record = new CoolingRecord(cooling);
    lock.cooling = record;
    this.#coolings.add(record);
    return record;
  }

  endCooling({ lockName }: Cooling): CoolingRecord {
    const lock = this.#existing(lockName);
    const record = lock.cooling;
    if (record === null) throw new Error(`the lock "${lockName}" is not cooling`);
    lock.cooling = null;
    this.#coolings.delete(record);
    this.#forgetIfUnused(lock);
    return record;
  }

  /** Keeps the request for as long as the lock is held. */
  requestRelease(lockName: LockName, request: ReleaseRequest): void {
    this.#releaseRequests.set(lockName, request);
  }

  /** The latest request to release one of the lease's locks that is addressed to the lease. */
  releaseRequestFor(lease: Lease): ReleaseRequest | null {
    if (this.#releaseRequests.size === 0) return null;
    let latest: ReleaseRequest | null = null;
    for (const { lockName } of locksOf(lease)) {
      const request = this.#releaseRequests.get(lockName);
      if (request === undefined || lease.fencingToken > request.through) continue;
      if (latest === null || request.at >= latest.at) latest = request;
    }
    return latest;
  }

  /** Adds the ticket to the line of each lock that it asks for, at its place in the order of arrival. */
  join(ticket: Ticket): void {
    for (const { lockName, demand } of ticket.request.wants) {
      const lock = this.#namedOrNew(lockName);
      const place = { ticket, lock, demand };
      lock.line ??= new Line<Place>();
      lock.line.add(place);
      ticket.places.push(place);
    }
  }

  leave(ticket: Ticket): void {
    for (const place of ticket.places) {
      place.lock.line?.remove(place);
      this.#forgetIfUnused(place.lock);
    }
  }

  /** A ticket that was asking becomes silent. */
  fallSilent(ticket: Ticket): void {
    for (const place of ticket.places) place.lock.line?.remove(place);
    ticket.isAsking = false;
    for (const place of ticket.places) place.lock.line?.add(place);
  }

  #hold(name: LockName, hold: Hold, entry: HolderEntry): void {
    const lock = this.#namedOrNew(name);
    lock.holders.push(entry);
    if (lock.holders.length === 1) this.#heldNames.add(name);
    if (hold.mode !== 'counted') return;
    lock.slots ??= new Slots(hold.limit);
    lock.slots.take(hold.slots);
  }

  #letGo(lock: Lock, hold: Hold, entry: HolderEntry): void {
    lock.holders.remove(entry);
    if (hold.mode === 'counted') lock.slots?.giveBack(hold.slots);
    if (lock.holders.length > 0) return;
    lock.slots = null;
    this.#heldNames.delete(lock.name);
    this.#releaseRequests.delete(lock.name);
    this.#forgetIfUnused(lock);
  }

  #existing(name: LockName): Lock {
    const lock = this.#locks.get(name);
    if (lock === undefined) throw new Error(`there is no record of the lock "${name}"`);
    return lock;
  }

  #namedOrNew(name: LockName): Lock {
    let lock = this.#locks.get(name);
    if (lock === undefined) {
      lock = { name, holders: new Holders(), slots: null, cooling: null, line: null };
      this.#locks.add(name, lock);
    }
    return lock;
  }

  #forgetIfUnused(lock: Lock): void {
    if (lock.holders.length > 0 || lock.cooling !== null) return;
    if ((lock.line?.length ?? 0) === 0) this.#locks.delete(lock.name);
  }
}

const NO_ENTRIES: readonly HolderEntry[] = [];

function newRecord(lease: Lease): LeaseRecord {
  const { others } = lease.terms;
  if (others.length === 0) return new LeaseRecord(lease, NO_ENTRIES);
  const entries: HolderEntry[] = [];
  const record = new LeaseRecord(lease, entries);
  for (const _ of others) entries.push(new OtherEntry(record));
  return record;
}

/** The entries of the locks after the first one, each with its lock. */
function otherEntriesOf({ lease, others }: LeaseRecord): readonly (readonly [HolderEntry, HeldLock])[] {
  if (others.length === 0) return NO_OTHERS;
  return lease.terms.others.flatMap((held, index) => {
    const entry = others[index];
    return entry === undefined ? [] : [[entry, held] as const];
  });
}

const NO_OTHERS: readonly (readonly [HolderEntry, HeldLock])[] = [];
