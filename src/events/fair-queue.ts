import type { UserId } from '../core/model/ids.js';

/** A queue of items. Users take turns, however many items each of them has. The items of one user keep their order. */
export class FairQueue<T> {
  /** In the order of the users' next turns. */
  readonly #items = new Map<UserId, T[]>();

  get isEmpty(): boolean {
    return this.#items.size === 0;
  }

  push(user: UserId, item: T): void {
    const items = this.#items.get(user);
    if (items === undefined) this.#items.set(user, [item]);
    else items.push(item);
  }

  /** Takes the next item of the user whose turn it is. */
  shift(): { readonly user: UserId; readonly item: T } | null {
    for (const [user, items] of this.#items) {
      this.#items.delete(user);
      const item = items.shift();
      if (items.length > 0) this.#items.set(user, items);
      if (item !== undefined) return { user, item };
    }
    return null;
  }
}
