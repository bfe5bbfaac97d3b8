import type { LockName } from '../core/model/lock-name.js';

/** How many waits are remembered of one lock, the latest ones. */
export const WAITS_PER_LOCK_MAX = 100;

/** Of how many locks waits are remembered. Each takes a kilobyte at most. */
const LOCKS_MAX = 10_000;

/** How long requests were in line before they got each lock, in milliseconds. The lock that was waited for longest ago is forgotten first. */
export class Waits {
  readonly #ofLock = new Map<LockName, number[]>();

  constructor(private readonly locksMax = LOCKS_MAX) {}

  add(lockName: LockName, durationMs: number): void {
    const known = this.#ofLock.get(lockName) ?? [];
    known.push(durationMs);
    if (known.length > WAITS_PER_LOCK_MAX) known.shift();
    // A map is in the order of its insertions.
    this.#ofLock.delete(lockName);
    this.#ofLock.set(lockName, known);
    if (this.#ofLock.size > this.locksMax) this.#forgetFirst();
  }

  of(lockName: LockName): readonly number[] {
    return this.#ofLock.get(lockName) ?? [];
  }

  #forgetFirst(): void {
    for (const lockName of this.#ofLock.keys()) {
      this.#ofLock.delete(lockName);
      return;
    }
  }
}
