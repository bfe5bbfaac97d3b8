import type { UserId } from '../core/ids.js';
import type { EventEntity } from '../store/entities/event.entity.js';
import type { LockStore } from '../store/lock-store.js';
import { selects, type EventHub, type Selector } from './event-hub.js';
import type { EventStream, Frame } from './event-stream.js';
import { maySee } from './visibility.js';

/** Logged events that are read in one go. */
const PAGE_SIZE = 1_000;

/** A client that misses no more than this is sent it all at once and is up to date. */
const LAST_PAGE_SIZE = 100;

export interface Snapshot {
  /** The sequence of the last event that the snapshot takes into account. */
  readonly sequence: number;
  readonly frames: readonly Frame[];
}

interface WatchParts {
  readonly store: LockStore;
  readonly hub: EventHub;
  readonly stream: EventStream;
  readonly selector: Selector;
  readonly viewer: UserId;
  readonly takeSnapshot: () => Promise<Snapshot>;
  readonly toFrame: (event: EventEntity) => Frame;
}

/**
 * Streams the state of some locks and then everything that happens to them, without a gap and without repeats. A client is
 * brought up to date from a snapshot or from the log, as fast as it reads. The last bit of that goes together with listening:
 * from then on the client is told what is heard.
 */
export class Watch {
  readonly #parts: WatchParts;
  /** What was heard since the client was last known to be nearly up to date; null while nobody listens. */
  #heard: EventEntity[] | null = null;
  #isUpToDate = false;
  /** The sequence up to which the client knows everything. */
  #position = 0;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** @param lastEventId The sequence of the last event that the client has seen; null for a new watch. */
  async start(lastEventId: number | null): Promise<void> {
    const { hub, selector, stream } = this.#parts;
    stream.onClose(hub.subscribe(selector, (event) => this.#hear(event)));
    if (lastEventId === null) await this.#sendSnapshot();
    else if (!(await this.#resume(lastEventId))) await this.#reset();
    while (stream.isOpen && !this.#isUpToDate) {
      if (!(await this.#sendPage())) await this.#reset();
    }
  }

  #hear(event: EventEntity): void {
    if (this.#isUpToDate) this.#pass(event);
    else this.#heard?.push(event);
  }

  /** False if there never was such an event. */
  async #resume(lastEventId: number): Promise<boolean> {
    const { store, stream } = this.#parts;
    const lastSequence = await store.read((state) => state.lastSequence);
    if (lastEventId > lastSequence || store.resumableFrom > lastEventId) return false;
    stream.comment(`resumed after ${lastEventId}`);
    this.#position = lastEventId;
    return true;
  }

  /** Sends some of what the client misses. False if the log no longer reaches back to where the client is. */
  async #sendPage(): Promise<boolean> {
    const { store } = this.#parts;
    this.#heard = [];
    const page = await store.eventsAfter(this.#position, PAGE_SIZE);
    // Checked after reading: had the log been pruned beyond this position, the page might begin with a gap.
    if (store.resumableFrom > this.#position) return false;
    if (page.length > LAST_PAGE_SIZE) {
      for (const event of page) {
        this.#pass(event);
        await this.#letClientRead();
      }
    } else {
      for (const event of page) this.#pass(event);
      this.#goLive();
    }
    return true;
  }

  async #reset(): Promise<void> {
    const message = 'The events since then are no longer in the log. The present state follows.';
    this.#parts.stream.send({ event: 'reset', id: null, data: { message } });
    await this.#sendSnapshot();
  }

  async #sendSnapshot(): Promise<void> {
    const { stream, takeSnapshot } = this.#parts;
    this.#heard = [];
    const { sequence, frames } = await takeSnapshot();
    this.#position = sequence;
    for (const frame of frames) {
      stream.send(frame);
      await this.#letClientRead();
    }
    this.#goLive();
  }

  /** What happens while a client reads may be more than fits into memory; it can be had from the log. */
  async #letClientRead(): Promise<void> {
    const { stream } = this.#parts;
    if (!stream.isBehind) return;
    this.#heard = null;
    await stream.drained();
  }

  /** From here on the client is told what is heard, unless something was missed. */
  #goLive(): void {
    if (this.#heard === null) return;
    this.#isUpToDate = true;
    for (const event of this.#heard) this.#pass(event);
    this.#heard = null;
  }

  #pass(event: EventEntity): void {
    const { selector, viewer, stream, toFrame } = this.#parts;
    if (event.sequence <= this.#position) return;
    this.#position = event.sequence;
    if (selects(selector, event.lockName) && maySee(viewer, event)) stream.send(toFrame(event));
  }
}
