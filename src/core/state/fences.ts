import type { Fence, FenceName } from '../model/fence.js';
import type { UserId } from '../model/ids.js';

/** Fences by name, and how many of them each user has created. */
export class Fences {
  readonly #byName = new Map<FenceName, Fence>();
  readonly #countByUser = new Map<UserId, number>();

  get count(): number {
    return this.#byName.size;
  }

  named(name: FenceName): Fence | null {
    return this.#byName.get(name) ?? null;
  }

  /** How many fences the user has created. */
  countOf(userId: UserId): number {
    return this.#countByUser.get(userId) ?? 0;
  }

  save(fence: Fence): void {
    if (!this.#byName.has(fence.name)) this.#count(fence, 1);
    this.#byName.set(fence.name, fence);
  }

  remove(fence: Fence): void {
    this.#byName.delete(fence.name);
    this.#count(fence, -1);
  }

  #count({ userId }: Fence, change: 1 | -1): void {
    const count = this.countOf(userId) + change;
    if (count === 0) this.#countByUser.delete(userId);
    else this.#countByUser.set(userId, count);
  }
}
