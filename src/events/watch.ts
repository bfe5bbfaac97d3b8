import type { UserId } from '../core/ids.js';
import type { EventEntity } from '../store/entities/event.entity.js';
import type { LockStore } from '../store/lock-store.js';
import { selects, type EventHub, type Selector } from './event-hub.js';
import type { EventStream, Frame } from './event-stream.js';
import { maySee } from './visibility.js';

/** Logged events that are read in one go. */
const PAGE_SIZE = 1_000;

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
 * Streams the state of some locks and then everything that happens to them, without a gap and without repeats: it
 * listens first, then brings the client up to date from a snapshot or from the log, and then passes on what it heard
 * meanwhile and from then on.
 */
export class Watch {
  readonly #parts: WatchParts;
  /** What was heard while the client is being brought up to date; null from then on. */
  #heard: EventEntity[] | null = [];
  /** The sequence up to which the client knows everything. */
  #position = 0;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** @param lastEventId The sequence of the last event that the client has seen; null for a new watch. */
  async start(lastEventId: number | null): Promise<void> {
    const { hub, selector, stream } = this.#parts;
    stream.onClose(hub.subscribe(selector, (event) => this.#hear(event)));
    const isResumed = lastEventId !== null && (await this.#replay(lastEventId));
    if (!isResumed) await this.#sendSnapshot(lastEventId);
    const heard = this.#heard ?? [];
    this.#heard = null;
    for (const event of heard) this.#pass(event);
  }

  #hear(event: EventEntity): void {
    if (this.#heard === null) this.#pass(event);
    else this.#heard.push(event);
  }

  /** Sends what the client missed. False if the log does not reach back that far, or never came that far. */
  async #replay(lastEventId: number): Promise<boolean> {
    const { store, stream } = this.#parts;
    const lastSequence = await store.read((state) => state.lastSequence);
    if (lastEventId > lastSequence) return false;
    this.#position = lastEventId;
    stream.comment(`resumed after ${lastEventId}`);
    while (stream.isOpen) {
      const page = await store.eventsAfter(this.#position, PAGE_SIZE);
      // Checked after reading: had the log been pruned beyond this position, the page might begin with a gap.
      if (store.resumableFrom > this.#position) return false;
      for (const event of page) this.#pass(event);
      if (page.length < PAGE_SIZE) return true;
      await stream.drained();
    }
    return true;
  }

  async #sendSnapshot(lastEventId: number | null): Promise<void> {
    const { stream, takeSnapshot } = this.#parts;
    const { sequence, frames } = await takeSnapshot();
    if (lastEventId !== null) {
      const data = { message: 'The events since then are no longer in the log. The present state follows.' };
      stream.send({ event: 'reset', id: null, data });
    }
    for (const frame of frames) stream.send(frame);
    this.#position = sequence;
  }

  #pass(event: EventEntity): void {
    const { selector, viewer, stream, toFrame } = this.#parts;
    if (event.sequence <= this.#position) return;
    this.#position = event.sequence;
    if (selects(selector, event.lockName) && maySee(viewer, event)) stream.send(toFrame(event));
  }
}
