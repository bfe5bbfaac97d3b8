/**
 * How far off true time an instant may be after a reboot, when the wall clock is the only witness: a setting by less than a
 * quarter of a second passes for drift, and clocks are read in whole milliseconds.
 */
const REBOOT_SLACK_MS = 253;

export interface Restart {
  readonly startedAtMs: number;
  readonly graceSeconds: number;
  readonly isReboot: boolean;
  /** How far the wall clock was set forward unseen before a reboot: the server takes that for time that went by. */
  readonly unseenMs: number;
}

/** In true time: it lives up to `earliestMs` unless its holder ends it, and does not live beyond `latestMs`. */
interface End {
  readonly ttlSeconds: number;
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** When a lease or a session ends. Kept for each deadline that was decided, since a crash may undo the last ones. */
export class Span {
  readonly #byDeadline = new Map<number, End>();
  #end: End = { ttlSeconds: 0, earliestMs: 0, latestMs: 0 };
  #durable = this.#end;

  constructor(nowMs: number, ttlSeconds: number, deadline: number) {
    this.extend(nowMs, ttlSeconds, deadline);
  }

  get earliestEndMs(): number {
    return this.#end.earliestMs;
  }

  get latestEndMs(): number {
    return this.#end.latestMs;
  }

  extend(nowMs: number, ttlSeconds: number, deadline: number): void {
    const earliestMs = nowMs + ttlSeconds * 1000;
    // Instants are whole milliseconds, rounded down.
    this.#end = { ttlSeconds, earliestMs, latestMs: earliestMs + 1 };
    this.#byDeadline.set(deadline, this.#end);
  }

  /** A row with this deadline is on disk. */
  written(deadline: number): void {
    this.#durable = this.#byDeadline.get(deadline) ?? this.#durable;
  }

  /** Whether it may have ended while the server was down, or since it started. */
  mayHaveEndedBy(nowMs: number, restart: Restart): boolean {
    const { ttlSeconds } = this.#durable;
    return (
      restart.startedAtMs > this.#durableEarliestMs(restart) || nowMs > this.#earliestMs(restart, ttlSeconds)
    );
  }

  /** It lives after a restart, with this deadline. */
  restarted(restart: Restart, ttlSeconds: number, deadline: number): void {
    const { startedAtMs, isReboot } = restart;
    const longestMs = startedAtMs + (isReboot ? ttlSeconds : graceSeconds(restart, ttlSeconds)) * 1000;
    this.#end = {
      ttlSeconds,
      earliestMs: this.#earliestMs(restart, ttlSeconds),
      latestMs: Math.max(this.#durable.latestMs, longestMs + 1),
    };
    this.#byDeadline.set(deadline, this.#end);
    this.#durable = this.#end;
  }

  #earliestMs(restart: Restart, ttlSeconds: number): number {
    const gracedMs = restart.startedAtMs + graceSeconds(restart, ttlSeconds) * 1000;
    return Math.max(this.#durableEarliestMs(restart), gracedMs);
  }

  #durableEarliestMs({ isReboot, unseenMs }: Restart): number {
    const { earliestMs } = this.#durable;
    return isReboot ? earliestMs - Math.max(0, unseenMs) - REBOOT_SLACK_MS : earliestMs;
  }
}

function graceSeconds(restart: Restart, ttlSeconds: number): number {
  return Math.min(ttlSeconds, restart.graceSeconds);
}
