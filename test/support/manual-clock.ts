import { Clock, type CancelTimer } from '../../src/clock/clock.js';

interface Timer {
  readonly dueAt: number;
  readonly task: () => void;
}

/** A machine’s clocks that move only when a test moves them. */
export class ManualClock extends Clock {
  #monotonicMs = 5_000.25;
  #wallMs = 1_800_000_000_000;
  #boot = 1;
  /** In order of their due times. Timers with the same due time are in the order in which they were set. */
  #timers: Timer[] = [];

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  bootId(): string | null {
    return `boot-${this.#boot}`;
  }

  /** Like the system's clock: all work of one turn of the event loop comes first. */
  defer(task: () => void): void {
    setImmediate(task);
  }

  afterBacklog(task: () => void): void {
    setImmediate(task);
  }

  after(delayMs: number, task: () => void): CancelTimer {
    const timer = { dueAt: this.#monotonicMs + Math.max(0, delayMs), task };
    const later = this.#timers.findIndex(({ dueAt }) => dueAt > timer.dueAt);
    this.#timers.splice(later === -1 ? this.#timers.length : later, 0, timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Timers that have neither run nor been cancelled. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Whether a timer is due after exactly this time. */
  hasTimerDueIn(delayMs: number): boolean {
    return this.#timers.some(({ dueAt }) => dueAt === this.#monotonicMs + delayMs);
  }

  /** Advances both clocks. Each timer that is due runs at its own time, even one that another timer set. */
  advance(milliseconds: number): void {
    const end = this.#monotonicMs + milliseconds;
    for (;;) {
      const [next] = this.#timers;
      if (next === undefined || next.dueAt > end) break;
      this.#timers.shift();
      this.#moveTo(next.dueAt);
      next.task();
    }
    this.#moveTo(end);
  }

  /** Sets the wall clock. No time passes. */
  jumpWall(milliseconds: number): void {
    this.#wallMs += milliseconds;
  }

  /** The machine is off for a while and starts again: a new monotonic clock, and all timers are gone. */
  reboot(downtimeMs = 0): void {
    this.#boot += 1;
    this.#timers = [];
    this.#monotonicMs = 17.5;
    this.#wallMs += downtimeMs;
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}
