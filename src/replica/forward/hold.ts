import type { Clock } from '../../clock/clock.js';
import type { Leaders } from './leaders.js';

/** How long a request is held while no server serves it, in milliseconds. Longer than a take-over. */
const HOLD_MS = 5_000;

interface HoldParts {
  readonly clock: Clock;
  readonly leaders: Leaders;
  /** Receives how long a request was held, in milliseconds. */
  readonly onHeld: (durationMs: number) => void;
}

/** Holds one request until a server leads. All holds for the same term together last no longer than `HOLD_MS`. */
export class Hold {
  readonly #parts: HoldParts;
  #untilMs: number | null = null;
  #end: (() => void) | null = null;

  constructor(parts: HoldParts) {
    this.#parts = parts;
  }

  /** Calls `resume` when it is worth trying again, or `giveUp` when the time is up. */
  begin(resume: () => void, giveUp: () => void): void {
    const { clock, leaders, onHeld } = this.#parts;
    const sinceMs = clock.monotonicMs();
    this.#untilMs ??= sinceMs + HOLD_MS;
    const then = (next: () => void) => (): void => {
      this.cancel();
      next();
    };
    const stopListening = leaders.onChange(then(resume));
    const cancelTimer = clock.after(this.#untilMs - sinceMs, then(giveUp));
    this.#end = () => {
      stopListening();
      cancelTimer();
      onHeld(clock.monotonicMs() - sinceMs);
    };
  }

  /** Ends the hold, if there is one. */
  cancel(): void {
    const end = this.#end;
    this.#end = null;
    end?.();
  }

  /** The request goes to the server of another term, so it can be held again for the whole time. */
  startOver(): void {
    this.#untilMs = null;
  }
}
