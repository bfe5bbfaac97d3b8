/** Cancels a timer. Does nothing once it has run. */
export type CancelTimer = () => void;

/** All time that the service has. Nothing outside `system-clock.ts` reads the machine's clocks or sets its timers. */
export abstract class Clock {
  /** Milliseconds on a clock that never jumps; it may begin anywhere. */
  abstract monotonicMs(): number;

  /** Milliseconds since 1970 on a clock that people may set. */
  abstract wallMs(): number;

  /** Names the boot of the machine during which `monotonicMs` is one clock for all processes; null where that is unknown. */
  abstract bootId(): string | null;

  /** Runs `task` in the next turn of the event loop, which may be seconds away while very many connections are busy. */
  abstract defer(task: () => void): void;

  /** Runs `task` when all input that is waiting at this moment has been taken. */
  abstract afterBacklog(task: () => void): void;

  /** Runs `task` after `delayMs`. A timer alone does not keep the process alive. */
  abstract after(delayMs: number, task: () => void): CancelTimer;

  /** Resolves after `durationMs`, and keeps the process alive for what comes then. */
  pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(durationMs, resolve);
    });
  }
}
