import { RowChanges } from '../../../src/journal/row-changes.js';
import type { LockStore } from '../../../src/store/lock-store.js';
import type { Checks } from './checks/checks.js';
import type { Counts } from './figures.js';
import type { ServerProcess } from './server.js';
import type { World } from './world/world.js';

const PAGE_SIZE = 5;

/**
 * Reads the event log from where it was, also over restarts, and misses nothing. With a name it writes down how far it has
 * come and the log has to be kept for it; without one it must be told when the log no longer reaches back far enough.
 */
export class EventLogReader {
  readonly #world: World;
  readonly #checks: Checks;
  readonly #counts: Counts;
  readonly #name: string | null;
  #position = 0;
  /** How far it has come for certain, whatever happens. */
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
      // What it has seen beyond the cursor that is durable, it is shown again.
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
    if (store.log.resumableFrom > this.#position) this.#startAnew(store);
    else {
      for (const event of page) {
        if (event.sequence !== this.#position + 1) {
          this.#world.report(`a reader at ${this.#position} was shown event ${event.sequence}`);
        }
        this.#position = event.sequence;
        this.#counts.eventsRead += 1;
        this.#checks.expectDurable(event);
      }
    }
    if (this.#name !== null && page.length > 0 && store.admission.isRunning) {
      void this.#writeDown(server, store, this.#name);
    }
    this.#readLater(server, store);
  }

  async #writeDown(server: ServerProcess, store: LockStore, reader: string): Promise<void> {
    const sequence = this.#position;
    try {
      await store.write(new RowChanges().put('cursors', { reader, sequence }));
      if (this.#server === server) this.#written = sequence;
    } catch {
      // The store has failed. The next process begins from what is on disk.
    }
  }

  #startAnew(store: LockStore): void {
    if (this.#name !== null) this.#world.report(`the log was pruned beyond what "${this.#name}" has read`);
    this.#position = store.log.resumableFrom;
  }
}
