import type { Clock } from '../clock/clock.js';
import type { EventPage, Selector } from '../store/event-query.js';
import type { LockStore } from '../store/lock-store.js';
import { Slots } from './slots.js';

/** Events of the log that one page looks at, so that a commit that comes meanwhile is held up by some tenths of a millisecond. */
const SCAN_MAX = 500;

/** Events that one page brings at most. */
const PAGE_EVENTS = 100;

/** Says which part of the log a stream misses. */
export interface LogPart {
  readonly selector: Selector;
  readonly after: number;
  readonly through: number;
}

/**
 * Reads the event log for streams that resume: one small page at a time for all of them, so that commits, which use the same
 * connection to the database, have their turn after each page. Users take turns: each has one page at a time read.
 */
export class LogReader {
  readonly #store: LockStore;
  readonly #clock: Clock;
  readonly #reading = new Slots(1);

  constructor(store: LockStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The beginning of a part of the log. */
  read(part: LogPart): Promise<EventPage> {
    return this.#reading.use(async () => {
      const page = await this.#store.findEvents({ ...part, scanMax: SCAN_MAX, limit: PAGE_EVENTS });
      await new Promise<void>((resolve) => this.#clock.afterBacklog(resolve));
      return page;
    });
  }
}
