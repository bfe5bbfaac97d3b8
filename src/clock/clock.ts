/** Cancels a timer. Does nothing if it has already run. */
export type CancelTimer = () => void;

/** The only source of time for the service. Only `system-clock.ts` reads the machine's clocks or sets timers. */
export abstract class Clock {
  /** Milliseconds on a clock that never jumps. Its zero is arbitrary. */
  abstract monotonicMs(): number;

  /** Milliseconds since 1970 on a clock that can be set. */
  abstract wallMs(): number;

  /**
   * Identifies the machine's current boot, during which all processes share one `monotonicMs` clock. Null if that is unknown.
   */
  abstract bootId(): string | null;

  /** Runs `task` in the next turn of the event loop, which may be seconds away if very many connections are busy. */
  abstract defer(task: () => void): void;

  /** Runs `task` after all input that is waiting now has been read. */
  abstract afterBacklog(task: () => void): void;

  /** Runs `task` after `delayMs`. The timer does not keep the process alive. */
  abstract after(delayMs: number, task: () => void): CancelTimer;

  /** Resolves after `durationMs`. Keeps the process alive until then. */
  pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(durationMs, resolve);
    });
  }
}
