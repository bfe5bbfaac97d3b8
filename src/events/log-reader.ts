import type { Clock } from '../clock/clock.js';
import type { EventPage, Selector } from '../journal/event-query.js';
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
 * Reads the event log for streams that resume: one small page at a time for all of them. Commits use the same connection to the
 * database, so while anybody waits for one, half of the time at most goes to pages. Users take turns: each has one page at a time
 * read.
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
      const sinceMs = this.#clock.monotonicMs();
      const page = await this.#store.log.find({ ...part, scanMax: SCAN_MAX, limit: PAGE_EVENTS });
      await this.#letOthersWork(this.#clock.monotonicMs() - sinceMs);
      return page;
    });
  }

  async #letOthersWork(durationMs: number): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.afterBacklog(resolve));
    if (durationMs > 0 && this.#store.admission.pending > 0) {
      await new Promise<void>((resolve) => this.#clock.after(durationMs, resolve));
    }
  }
}
