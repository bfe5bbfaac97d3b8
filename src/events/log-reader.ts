import type { Clock } from '../clock/clock.js';
import type { EventPage, Selector } from '../journal/event-query.js';
import type { LockStore } from '../store/lock-store.js';
import { Slots } from './slots.js';

/** How many events one page scans at most. A commit that arrives in the meantime waits some tenths of a millisecond. */
const SCAN_MAX = 500;

/** How many events one page returns at most. */
const PAGE_EVENTS = 100;

/** The part of the log that a stream has yet to send. */
export interface LogPart {
  readonly selector: Selector;
  readonly after: number;
  readonly through: number;
}

/**
 * Reads the event log for streams that resume, one small page at a time for all of them. Commits use the same database connection,
 * so while anyone waits for a commit, reading takes at most half of the time. Users take turns, with one page per turn.
 */
export class LogReader {
  readonly #store: LockStore;
  readonly #clock: Clock;
  readonly #reading = new Slots(1);

  constructor(store: LockStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Reads the first page of a part of the log. */
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
