import type { HeldLock, Visit } from './visit.js';

interface Seen {
  /** The highest token of all visits. */
  readonly any: number;
  /** The highest token of a visit that did not share the lock. */
  readonly own: number;
}

const NOTHING: Seen = { any: 0, own: 0 };

/** The fencing tokens that a resource has seen. Each slot of a counted lock is a resource of its own. */
export class Fences {
  readonly #seen = new Map<string, Seen>();

  /** Where a newer lease was seen before this one: a name and the token, or null. */
  newerThan({ token, locks }: Visit): string | null {
    for (const lock of locks) {
      for (const name of fencesOf(lock)) {
        const { any, own } = this.#seen.get(name) ?? NOTHING;
        const highest = lock.hold.mode === 'shared' ? own : any;
        if (token < highest) return `${name} had seen token ${highest}`;
      }
    }
    return null;
  }

  see({ token, locks }: Visit): void {
    for (const lock of locks) for (const name of fencesOf(lock)) this.#see(name, token, lock);
  }

  #see(name: string, token: number, { hold }: HeldLock): void {
    const { any, own } = this.#seen.get(name) ?? NOTHING;
    const isOwn = hold.mode !== 'shared';
    this.#seen.set(name, { any: Math.max(any, token), own: isOwn ? Math.max(own, token) : own });
  }
}

function fencesOf({ name, hold }: HeldLock): readonly string[] {
  return hold.mode === 'counted' ? hold.slots.map((slot) => `${name}/${slot}`) : [name];
}
