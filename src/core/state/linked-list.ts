/** An item in a list. Only the list sets the links. */
export interface Linked<T> {
  previous: T | null;
  next: T | null;
}

/** Items in order of arrival. Every method except `find` takes constant time. */
export class LinkedList<T extends Linked<T>> {
  #first: T | null = null;
  #last: T | null = null;
  #length = 0;

  get first(): T | null {
    return this.#first;
  }

  get length(): number {
    return this.#length;
  }

  /** The first item for which `matches` returns true, or null if there is none. */
  find(matches: (item: T) => boolean): T | null {
    let item = this.#first;
    while (item !== null && !matches(item)) item = item.next;
    return item;
  }

  push(item: T): void {
    item.previous = this.#last;
    item.next = null;
    if (this.#last === null) this.#first = item;
    else this.#last.next = item;
    this.#last = item;
    this.#length += 1;
  }

  remove(item: T): void {
    if (item.previous === null) this.#first = item.next;
    else item.previous.next = item.next;
    if (item.next === null) this.#last = item.previous;
    else item.next.previous = item.previous;
    item.previous = null;
    item.next = null;
    this.#length -= 1;
  }
}
