import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import type { LockWarning } from '../core/model/event.js';
import type { LockName } from '../core/model/lock-name.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import { LockStore } from '../store/lock-store.js';
import type { Holding } from './holding.js';
import { Holdings, type OnWarning } from './holdings.js';
import type { Pace } from './pace.js';
import { Waits } from './waits.js';

/** How many events of the log are read at a time. A commit that arrives in the meantime waits some tenths of a millisecond. */
const PAGE_EVENTS = 200;

/** How many events may be committed while the log is being read, without the history missing some. */
const WAITING_MAX = 200_000;

/** What is known of one lock. */
export interface LockPast {
  /** Its leases, in order of their grants. */
  readonly leases: readonly Holding[];
  /** Null if none of its leases is known. */
  readonly pace: Pace | null;
  /** How long requests waited until they got it, in milliseconds, since the server began to lead. */
  readonly waitsMs: readonly number[];
}

/**
 * Which leases have held each lock lately. The event log tells: it is read once, when a server begins to lead, and then followed. An
 * index in the database would cost each commit a third more.
 */
@Injectable()
export class PastLeases implements OnApplicationBootstrap {
  readonly #store: LockStore;
  readonly #clock: Clock;
  readonly #holdings = new Holdings({ onWarning: (...warning) => this.#warn(...warning) });
  readonly #waits = new Waits();
  readonly #warningListeners: OnWarning[] = [];
  readonly #warnings: Record<LockWarning['kind'], number> = { renews_late: 0, changes_hands_often: 0 };
  /** The part of the log that is still to be read. */
  readonly #through: number;
  #after: number;
  /** Events that were committed while the log is being read. Null once it was read. */
  #waiting: LoggedEvent[] | null = [];
  #reading: Promise<void> | null = null;

  constructor(store: LockStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#through = store.counts.lastSequence;
    this.#after = store.log.prunedThrough;
    store.observe({
      committed: ({ events }) => {
        for (const event of events) this.#follow(event);
      },
      waited: ({ request, answer, inLineMs }) => {
        if (answer !== 'acquired') return;
        for (const { lockName } of request.wants) this.#waits.add(lockName, inLineMs);
      },
    });
  }

  /** Begins to read the log, so that the first one who asks need not wait for it. */
  onApplicationBootstrap(): void {
    // The first request for a history reads on, or fails.
    this.whenRead().catch(() => undefined);
  }

  /** How many warnings there were since the server began to lead. */
  get warnings(): Readonly<Record<LockWarning['kind'], number>> {
    return this.#warnings;
  }

  /** Calls `listener` at each warning. It must not take long: a commit is being reported. */
  onWarning(listener: OnWarning): void {
    this.#warningListeners.push(listener);
  }

  /** What is known of a lock. Resolves once the log was read. */
  async of(lockName: LockName): Promise<LockPast> {
    await this.whenRead();
    return this.known(lockName);
  }

  /** What is known so far. Before the log was read, it may be nothing. */
  known(lockName: LockName): LockPast {
    return {
      leases: this.#holdings.of(lockName),
      pace: this.#holdings.paceOf(lockName),
      waitsMs: this.#waits.of(lockName),
    };
  }

  #warn(...[warning, event]: Parameters<OnWarning>): void {
    // What the log tells of the time before was counted and passed on then.
    if (this.#waiting !== null) return;
    this.#warnings[warning.kind] += 1;
    for (const listener of this.#warningListeners) listener(warning, event);
  }

  /** Resolves once the log was read. */
  whenRead(): Promise<void> {
    this.#reading ??= this.#read().catch((error: unknown) => {
      this.#reading = null;
      throw error;
    });
    return this.#reading;
  }

  #follow(event: LoggedEvent): void {
    if (this.#waiting === null) this.#holdings.add(event);
    else if (this.#waiting.length < WAITING_MAX) this.#waiting.push(event);
  }

  async #read(): Promise<void> {
    while (this.#after < this.#through) {
      const events = await this.#store.log.after(this.#after, PAGE_EVENTS);
      for (const event of events) if (event.sequence <= this.#through) this.#holdings.add(event);
      this.#after = events.at(-1)?.sequence ?? this.#through;
      await this.#letOthersWork();
    }
    for (const event of this.#waiting ?? []) this.#holdings.add(event);
    this.#waiting = null;
  }

  #letOthersWork(): Promise<void> {
    return new Promise((resolve) => this.#clock.afterBacklog(resolve));
  }
}
