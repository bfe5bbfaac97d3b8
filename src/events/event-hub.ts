import { Injectable } from '@nestjs/common';
import type { LockName } from '../core/lock-name.js';
import type { EventEntity } from '../store/entities/event.entity.js';
import { LockStore } from '../store/lock-store.js';

/** The locks that somebody follows: one, or all whose names begin with a prefix. */
export type Selector =
  | { readonly kind: 'lock'; readonly lockName: LockName }
  | { readonly kind: 'prefix'; readonly prefix: string };

export type EventListener = (event: EventEntity) => void;

export function selects(selector: Selector, lockName: string): boolean {
  return selector.kind === 'lock' ? lockName === selector.lockName : lockName.startsWith(selector.prefix);
}

/**
 * Hands each durable event to those who follow its lock. An event costs as much as it has listeners, whatever the number of
 * listeners to other locks.
 */
@Injectable()
export class EventHub {
  readonly #byLock = new Map<string, Set<EventListener>>();
  readonly #byPrefix = new Map<string, Set<EventListener>>();
  /** How many of the followed prefixes have each length. */
  readonly #prefixLengths = new Map<number, number>();

  constructor(store: LockStore) {
    store.observe({
      committed: ({ events }) => {
        for (const event of events) this.#publish(event);
      },
    });
  }

  /** Returns a function that ends the subscription. */
  subscribe(selector: Selector, listener: EventListener): () => void {
    if (selector.kind === 'lock') return join(this.#byLock, selector.lockName, listener);
    const { length } = selector.prefix;
    const leave = join(this.#byPrefix, selector.prefix, listener);
    this.#prefixLengths.set(length, (this.#prefixLengths.get(length) ?? 0) + 1);
    return () => {
      leave();
      const left = (this.#prefixLengths.get(length) ?? 1) - 1;
      if (left === 0) this.#prefixLengths.delete(length);
      else this.#prefixLengths.set(length, left);
    };
  }

  #publish(event: EventEntity): void {
    this.#tell(this.#byLock.get(event.lockName), event);
    for (const length of this.#prefixLengths.keys()) {
      if (length <= event.lockName.length) {
        this.#tell(this.#byPrefix.get(event.lockName.slice(0, length)), event);
      }
    }
  }

  #tell(listeners: Set<EventListener> | undefined, event: EventEntity): void {
    for (const listener of listeners ?? []) listener(event);
  }
}

function join(groups: Map<string, Set<EventListener>>, key: string, listener: EventListener): () => void {
  const group = groups.get(key) ?? new Set();
  groups.set(key, group.add(listener));
  return () => {
    group.delete(listener);
    if (group.size === 0 && groups.get(key) === group) groups.delete(key);
  };
}
