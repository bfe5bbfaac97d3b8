import { Clock, type CancelTimer } from '../../../src/clock/clock.js';
import { SystemClock } from '../../../src/clock/system-clock.js';
import type { PostgresLocation } from '../../../src/installation/postgres-location.js';
import { PostgresJournal } from '../../../src/journal/postgres/postgres-journal.js';
import { TIMING } from '../../../src/journal/postgres/term/timing.js';

/** Longer than any test lasts, by its own clock. */
const NEVER_MS = 1e12;

/**
 * A journal for a server whose clock a test moves. A jump of that clock takes no real time, and PostgreSQL answers in real time. So a
 * query must not time out because of a jump, nor must the lead end.
 */
export function connectPatiently(location: PostgresLocation, clock: Clock): Promise<PostgresJournal> {
  return PostgresJournal.connect(location, new RealTimers(clock), { ...TIMING, leaseMs: NEVER_MS });
}

/** The times of one clock, and the timers of the machine. */
class RealTimers extends Clock {
  readonly #timers = new SystemClock();

  constructor(private readonly times: Clock) {
    super();
  }

  monotonicMs(): number {
    return this.times.monotonicMs();
  }

  wallMs(): number {
    return this.times.wallMs();
  }

  bootId(): string | null {
    return this.times.bootId();
  }

  defer(task: () => void): void {
    this.#timers.defer(task);
  }

  afterBacklog(task: () => void): void {
    this.#timers.afterBacklog(task);
  }

  after(delayMs: number, task: () => void): CancelTimer {
    return this.#timers.after(delayMs, task);
  }
}
