import type { UserId } from '../core/model/ids.js';

/** Items in line. Users take turns, however many items each of them has; the items of one user keep their order. */
export class FairLine<T> {
  /** In the order in which the users have their next turn. */
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
