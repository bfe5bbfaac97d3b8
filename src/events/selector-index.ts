import type { Subject } from '../core/model/subject.js';
import type { Selector } from '../journal/event-query.js';

const NONE: readonly never[] = [];

/** Finds what follows a lock. The cost is one look-up for each length of the followed prefixes. */
export class SelectorIndex<T> {
  readonly #byLock = new Map<string, Set<T>>();
  readonly #byPrefix = new Map<string, Set<T>>();
  /** How many of the followed prefixes have each length. */
  readonly #prefixLengths = new Map<number, number>();

  add(selector: Selector, follower: T): void {
    if (selector.kind === 'lock') {
      join(this.#byLock, selector.lockName, follower);
      return;
    }
    const { prefix } = selector;
    if (join(this.#byPrefix, prefix, follower)) this.#count(prefix.length, 1);
  }

  remove(selector: Selector, follower: T): void {
    if (selector.kind === 'lock') {
      leave(this.#byLock, selector.lockName, follower);
      return;
    }
    const { prefix } = selector;
    if (leave(this.#byPrefix, prefix, follower)) this.#count(prefix.length, -1);
  }

  followersOf(subject: Subject): Iterable<T> {
    // Usually no one follows anything, and this is called for every event of a busy server.
    if (this.#byLock.size === 0 && this.#byPrefix.size === 0) return NONE;
    return subject.kind === 'lock' ? this.#find(subject.lockName) : NONE;
  }

  *#find(lockName: string): Generator<T> {
    yield* this.#byLock.get(lockName) ?? [];
    for (const length of this.#prefixLengths.keys()) {
      if (length <= lockName.length) yield* this.#byPrefix.get(lockName.slice(0, length)) ?? [];
    }
  }

  #count(length: number, change: number): void {
    const count = (this.#prefixLengths.get(length) ?? 0) + change;
    if (count === 0) this.#prefixLengths.delete(length);
    else this.#prefixLengths.set(length, count);
  }
}

/** Returns whether the group is new. */
function join<T>(groups: Map<string, Set<T>>, key: string, follower: T): boolean {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, new Set([follower]));
  else group.add(follower);
  return group === undefined;
}

/** Returns whether the group is gone. */
function leave<T>(groups: Map<string, Set<T>>, key: string, follower: T): boolean {
  const group = groups.get(key);
  if (group?.delete(follower) !== true || group.size > 0) return false;
  return groups.delete(key);
}
