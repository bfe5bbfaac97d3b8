/** How much more the wall clock must have advanced than the monotonic one to count as suspended time, in milliseconds. */
const SUSPENDED_MS_MIN = 1000;

/** How often the clock is looked at while someone wants to learn of suspended time, in milliseconds. */
const LOOK_EVERY_MS = 1000;

/**
 * A monotonic clock that counts the time for which the machine was suspended. Neither Node nor browsers have one, so it compares the
 * wall clock with the monotonic one at each look. If someone sets the wall clock forward, that counts as passed time too: a lease
 * then ends too early for its holder, which is safe.
 */
export class Clock {
  readonly #monotonicMs: () => number;
  readonly #wallMs: () => number;
  readonly #listeners = new Set<() => void>();
  #lastMonotonicMs: number;
  #lastWallMs: number;
  #suspendedMs = 0;
  #looking: ReturnType<typeof setInterval> | undefined;

  constructor(monotonicMs: () => number, wallMs: () => number) {
    this.#monotonicMs = monotonicMs;
    this.#wallMs = wallMs;
    this.#lastMonotonicMs = monotonicMs();
    this.#lastWallMs = wallMs();
  }

  nowMs(): number {
    const [monotonicMs, wallMs] = [this.#monotonicMs(), this.#wallMs()];
    const gainedMs = wallMs - this.#lastWallMs - (monotonicMs - this.#lastMonotonicMs);
    this.#lastMonotonicMs = monotonicMs;
    this.#lastWallMs = wallMs;
    if (gainedMs > SUSPENDED_MS_MIN) {
      this.#suspendedMs += gainedMs;
      for (const listener of this.#listeners) queueMicrotask(listener);
    }
    return monotonicMs + this.#suspendedMs;
  }

  /** Calls the listener soon after the machine was suspended, because timers do not count that time. Returns what ends it. */
  onSuspended(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#looking ??= inBackground(setInterval(() => this.nowMs(), LOOK_EVERY_MS));
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#looking);
      this.#looking = undefined;
    };
  }
}

/** Lets the process exit although the timer is set. */
export function inBackground<T>(timer: T): T {
  (timer as { readonly unref?: () => void }).unref?.();
  return timer;
}

export const CLOCK = new Clock(
  () => performance.now(),
  () => Date.now(),
);
