import type { Cooling } from '../model/cooling.js';
import type { UserId } from '../model/ids.js';
import { isPast, type Instant } from '../model/time.js';
import type { Due } from './deadline-heap.js';
import { SetsByKey } from './sets-by-key.js';

/** A lock that is kept from everyone for a while. */
export class CoolingRecord implements Due {
  heapIndex = -1;

  constructor(readonly cooling: Cooling) {}

  get kind(): 'cooling' {
    return 'cooling';
  }

  get deadline(): Instant {
    return this.cooling.until;
  }
}

/** The locks that cool, by the user in whose quota they count. */
export class Coolings {
  readonly #byUser = new SetsByKey<UserId, CoolingRecord>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Includes those that are over but have not been ended yet. */
  countOf(userId: UserId): number {
    return this.#byUser.countOf(userId);
  }

  /** Takes time in proportion to the number of locks of the user that cool. */
  liveCountOf(userId: UserId, now: Instant): number {
    let live = 0;
    for (const { deadline } of this.#byUser.of(userId) ?? []) if (!isPast(deadline, now)) live += 1;
    return live;
  }

  add(record: CoolingRecord): void {
    this.#byUser.add(record.cooling.userId, record);
    this.#count += 1;
  }

  delete(record: CoolingRecord): void {
    this.#byUser.delete(record.cooling.userId, record);
    this.#count -= 1;
  }
}
