import type { LoggedEvent } from '../journal/logged-event.js';

/** How a lease can end. */
export type LeaseEnd = 'released' | 'expired' | 'broken';

/** Leases whose grants are remembered. The metric may miss some leases, but its memory must be limited. */
const REMEMBERED_MAX = 100_000;

/** Measures how long leases were held, if it saw their grants. */
export class HeldTimes {
  readonly #grantedAtMs = new Map<number, number>();
  readonly #observe: (end: LeaseEnd, seconds: number) => void;

  constructor(observe: (end: LeaseEnd, seconds: number) => void) {
    this.#observe = observe;
  }

  follow({ type, at, body: { fencingToken } }: LoggedEvent): void {
    if (type === 'renewed' || type === 'release_requested' || type === 'warning') return;
    if (type === 'acquired') {
      if (this.#grantedAtMs.size < REMEMBERED_MAX) this.#grantedAtMs.set(fencingToken, at);
      return;
    }
    const grantedAtMs = this.#grantedAtMs.get(fencingToken);
    if (grantedAtMs === undefined) return;
    this.#grantedAtMs.delete(fencingToken);
    // The wall clock may have been set back in between.
    this.#observe(type, Math.max(0, at - grantedAtMs) / 1000);
  }
}
