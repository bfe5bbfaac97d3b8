import type { Holder } from '../model/lease.js';
import { LinkedList } from './linked-list.js';
import type { HolderEntry } from './lease-record.js';
import { SetsByKey } from './sets-by-key.js';

/** Up to this number of leases, looking through all of them is quicker than an index. */
const SCANNED_MAX = 16;

/** The leases that hold a lock, in the order in which they were granted. */
export class Holders extends LinkedList<HolderEntry> {
  #byHolder: SetsByKey<string, HolderEntry> | null = null;

  override push(entry: HolderEntry): void {
    super.push(entry);
    if (this.#byHolder !== null) this.#byHolder.add(keyOf(entry.lease.holder), entry);
    else if (!this.areFew) this.#buildIndex();
  }

  override remove(entry: HolderEntry): void {
    super.remove(entry);
    this.#byHolder?.delete(keyOf(entry.lease.holder), entry);
    if (this.areFew) this.#byHolder = null;
  }

  /** Whether there are so few that looking through all of them is quick. */
  get areFew(): boolean {
    return this.length <= SCANNED_MAX;
  }

  /** The leases of one holder, in the order in which they were granted. */
  of(holder: Holder): Iterable<HolderEntry> {
    return this.#byHolder === null ? this.#scan(holder) : (this.#byHolder.of(keyOf(holder)) ?? []);
  }

  *#scan(holder: Holder): Generator<HolderEntry> {
    for (let entry = this.first; entry !== null; entry = entry.next) {
      if (isSameHolder(entry.lease.holder, holder)) yield entry;
    }
  }

  #buildIndex(): void {
    this.#byHolder = new SetsByKey();
    for (let entry = this.first; entry !== null; entry = entry.next) {
      this.#byHolder.add(keyOf(entry.lease.holder), entry);
    }
  }
}

/** Two sessions of one user are two holders. */
function isSameHolder(a: Holder, b: Holder): boolean {
  return a.userId === b.userId && a.sessionId === b.sessionId;
}

function keyOf({ userId, sessionId }: Holder): string {
  return `${userId} ${sessionId ?? ''}`;
}
