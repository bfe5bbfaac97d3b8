import type { Clock } from '../clock/clock.js';
import type { Instant } from '../core/model/time.js';
import { RESTART, type Succession } from '../journal/succession.js';
import { lineStart, type TimeAnchor } from './line-start.js';

/** If the wall clock is off by this many milliseconds or more, someone has set it. */
const WALL_JUMP_MS = 250;

/**
 * The service's own timeline. All deadlines are instants on it. It follows the monotonic clock, so setting the wall clock
 * moves no deadline. Clients see wall-clock times, which do follow such a jump.
 *
 * After a restart within the same boot of the machine, the timeline continues exactly where it was, whatever happened to the
 * wall clock in the meantime. After a reboot, only the wall clock can tell how much time has passed. In both cases the
 * timeline never goes back. After a take-over it continues what this process has observed of the old leader's timeline.
 */
export class Timeline {
  readonly #clock: Clock;
  readonly #bootId: string | null;
  readonly #monotonicOffset: number;
  #wallSkew: number;

  constructor(
    clock: Clock,
    stored: TimeAnchor & { readonly lastInstant: number },
    succession: Succession = RESTART,
  ) {
    this.#clock = clock;
    this.#bootId = clock.bootId();
    this.#wallSkew = stored.wallSkew;
    this.#monotonicOffset = lineStart(clock, stored, succession);
    this.followWallClock();
  }

  get anchor(): TimeAnchor {
    return { bootId: this.#bootId, monotonicOffset: this.#monotonicOffset, wallSkew: this.#wallSkew };
  }

  now(): Instant {
    return Math.floor(this.#clock.monotonicMs() + this.#monotonicOffset) as Instant;
  }

  /** The wall-clock time of an instant, in milliseconds since 1970. */
  toWallMs(instant: Instant): number {
    return instant + this.#wallSkew;
  }

  /** Checks whether the wall clock was set, and follows it. Returns by how many milliseconds, 0 if it was not set. */
  followWallClock(): number {
    const skew = Math.round(this.#clock.wallMs() - this.now());
    const jump = skew - this.#wallSkew;
    if (Math.abs(jump) < WALL_JUMP_MS) return 0;
    this.#wallSkew = skew;
    return jump;
  }
}
