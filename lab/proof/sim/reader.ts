import { RowChanges } from '../../../src/journal/row-changes.js';
import type { LockStore } from '../../../src/store/lock-store.js';
import type { Checks } from './checks/checks.js';
import type { Counts } from './figures.js';
import type { ServerProcess } from './server.js';
import type { World } from '../../kit/world/world.js';

const PAGE_SIZE = 5;

/**
 * Reads the event log from its last position, also across restarts, and misses nothing. If it has a name, it records its position,
 * and the log must be kept for it. Without a name, it must learn when the log no longer reaches back far enough.
 */
export class EventLogReader {
  readonly #world: World;
  readonly #checks: Checks;
  readonly #counts: Counts;
  readonly #name: string | null;
  #position = 0;
  /** The position that is durable. */
  #written = 0;
  #server: ServerProcess | null = null;

  constructor(world: World, checks: Checks, counts: Counts, name: string | null) {
    this.#world = world;
    this.#checks = checks;
    this.#counts = counts;
    this.#name = name;
  }

  /** Reads on from a process of the server until it ends. */
  follow(server: ServerProcess, startsAfter: number): void {
    const { store } = server;
    if (store === null) return;
    this.#server = server;
    if (this.#name !== null) {
      // It reads the events after the durable cursor again.
      this.#position = startsAfter;
      this.#written = startsAfter;
      store.log.keepFor(() => this.#written, this.#name);
    }
    this.#readLater(server, store);
  }

  #readLater(server: ServerProcess, store: LockStore): void {
    const read = (): void => void this.#read(server, store);
    this.#world.after(this.#world.random.span(20, 1_500), read, server);
  }

  async #read(server: ServerProcess, store: LockStore): Promise<void> {
    if (this.#server !== server) return;
    const page = await store.log.after(this.#position, PAGE_SIZE);
    if (store.log.resumableFrom > this.#position) this.#startOver(store);
    else {
      for (const event of page) {
        if (event.sequence !== this.#position + 1) {
          this.#world.report(`a reader at ${this.#position} received event ${event.sequence}`);
        }
        this.#position = event.sequence;
        this.#counts.eventsRead += 1;
        this.#checks.expectDurable(event);
      }
    }
    if (this.#name !== null && page.length > 0 && store.admission.isRunning) {
      void this.#recordPosition(server, store, this.#name);
    }
    this.#readLater(server, store);
  }

  async #recordPosition(server: ServerProcess, store: LockStore, reader: string): Promise<void> {
    const sequence = this.#position;
    try {
      await store.write(new RowChanges().put('cursors', { reader, sequence }));
      if (this.#server === server) this.#written = sequence;
    } catch {
      // The store has failed. The next process begins from what is on disk.
    }
  }

  #startOver(store: LockStore): void {
    if (this.#name !== null) this.#world.report(`the log was pruned beyond what "${this.#name}" has read`);
    this.#position = store.log.resumableFrom;
  }
}
