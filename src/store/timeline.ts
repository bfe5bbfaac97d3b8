import type { Clock } from '../clock/clock.js';
import type { Instant } from '../core/model/time.js';
import type { ServerRow } from '../journal/rows/server-row.js';

/** What of the time line must survive a restart. */
export type TimeAnchor = Pick<ServerRow, 'bootId' | 'monotonicOffset' | 'wallSkew'>;

/** A wall clock that is this far from where it should be was set by somebody. */
const WALL_JUMP_MS = 250;

/**
 * The service's own time line, on which all deadlines stand. It follows the monotonic clock, so setting the wall clock
 * moves no deadline; clients are shown wall-clock times, which follow such a jump.
 *
 * After a restart in the same boot of the machine the line goes on exactly where it was, whatever was done to the wall
 * clock meanwhile. After a reboot only the wall clock can tell how long that took. Either way the line never goes back.
 */
export class Timeline {
  readonly #clock: Clock;
  readonly #bootId: string | null;
  readonly #monotonicOffset: number;
  #wallSkew: number;

  constructor(clock: Clock, stored: TimeAnchor & { readonly lastInstant: number }) {
    this.#clock = clock;
    this.#bootId = clock.bootId();
    this.#wallSkew = stored.wallSkew;
    const isSameBoot = this.#bootId !== null && this.#bootId === stored.bootId;
    const offset = isSameBoot
      ? stored.monotonicOffset
      : Math.ceil(clock.wallMs() - stored.wallSkew - clock.monotonicMs());
    const neverBack = Math.ceil(stored.lastInstant - clock.monotonicMs());
    this.#monotonicOffset = Math.max(offset, neverBack);
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

  /** Takes note if the wall clock was set. Returns by how many milliseconds, 0 if it was not. */
  followWallClock(): number {
    const skew = Math.round(this.#clock.wallMs() - this.now());
    const jump = skew - this.#wallSkew;
    if (Math.abs(jump) < WALL_JUMP_MS) return 0;
    this.#wallSkew = skew;
    return jump;
  }
}
