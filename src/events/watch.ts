import type { Access } from '../access/access.js';
import type { Actor } from '../access/may.js';
import { selects, type Selector } from '../journal/event-query.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import type { LockStore } from '../store/lock-store.js';
import type { Listener } from './audience.js';
import type { EventFrames } from './event-frames.js';
import type { EventHub } from './event-hub.js';
import type { EventStream } from './event-stream.js';
import { typeFor, type EventTypes } from './event-types.js';
import type { LogReader } from './log-reader.js';
import type { Slots } from './slots.js';
import type { Turns } from './turns.js';

/** How many events one step processes. */
const EVENTS_PER_STEP = 10;

interface WatchParts {
  readonly store: LockStore;
  readonly hub: EventHub;
  readonly turns: Turns;
  readonly log: LogReader;
  /** Lets the streams of the user read the log one at a time. */
  readonly logSlots: Slots;
  readonly stream: EventStream;
  readonly selector: Selector;
  /** The events that the client wants. */
  readonly types: EventTypes;
  readonly viewer: Actor;
  readonly access: Access;
  readonly frames: EventFrames;
  /** Sends the current state. Returns the sequence of the last event that it includes. */
  readonly sendState: () => Promise<number>;
}

/**
 * Streams the state of some locks and then everything that happens to them, without gaps or duplicates. It keeps only the position
 * of its client. A client that is behind gets events from the log, or from memory if they are recent, as fast as it reads. Once it
 * is up to date, it receives events as they happen.
 */
export class Watch implements Listener {
  readonly selector: Selector;
  readonly #parts: WatchParts;
  /** The sequence up to which the client has received everything. */
  #position = 0;
  #leave: () => void = () => undefined;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.selector = parts.selector;
  }

  /**
   * Resolves when the client is up to date for the first time, or has disconnected.
   *
   * @param lastEventId the sequence of the last event that the client has seen, or null for a new watch.
   */
  async start(lastEventId: number | null): Promise<void> {
    this.#parts.stream.onClose(() => this.#leave());
    if (lastEventId === null) await this.#sendState();
    else if (!(await this.#resume(lastEventId))) await this.#reset();
    await this.#catchUp();
  }

  receive(event: LoggedEvent): void {
    this.#pass(event);
  }

  fellBehind(sequence: number): void {
    this.#leave();
    this.#position = Math.max(this.#position, sequence);
    this.#catchUp().catch(() => this.#parts.stream.end());
  }

  /**
   * Returns false if the log does not have the events after this one, or has never reached it, or if the client may not know of all
   * locks that it may see now.
   */
  async #resume(lastEventId: number): Promise<boolean> {
    const { store, stream, selector, access, viewer } = this.#parts;
    const lastSequence = await store.read((state) => state.lastSequence);
    if (selector.kind === 'prefix' && access.hasChangedSince(lastEventId, viewer.userId)) return false;
    if (lastEventId > lastSequence || store.log.resumableFrom > lastEventId) return false;
    stream.comment(`resumed after ${lastEventId}`);
    this.#position = lastEventId;
    return true;
  }

  async #reset(): Promise<void> {
    const message =
      'The events since then are no longer in the log, or what you may see has changed. The current state follows.';
    this.#parts.stream.send({ event: 'reset', id: null, data: { message } });
    await this.#sendState();
  }

  async #sendState(): Promise<void> {
    this.#position = await this.#parts.sendState();
  }

  /** Brings the client up to date. From then on it receives events as they happen. */
  async #catchUp(): Promise<void> {
    const { stream, hub } = this.#parts;
    for (let isUpToDate = false; stream.isOpen && !isUpToDate;) {
      await stream.drained();
      if (hub.recent.covers(this.#position)) isUpToDate = await this.#takeRecent();
      else if (!(await this.#takePage())) await this.#reset();
    }
  }

  /** Sends recent events until there are none left or the client is behind. Returns whether the client is up to date. */
  async #takeRecent(): Promise<boolean> {
    const { turns, viewer, hub, stream } = this.#parts;
    let isUpToDate = false;
    await turns.run(viewer.userId, () => {
      if (!hub.recent.covers(this.#position)) return true;
      const events = hub.recent.after(this.#position, EVENTS_PER_STEP);
      stream.atOnce(() => events.forEach((event) => this.#pass(event)));
      isUpToDate = events.length === 0 && stream.isOpen;
      if (isUpToDate) this.#leave = hub.join(viewer.userId, this);
      return isUpToDate || !this.#isReading;
    });
    return isUpToDate;
  }

  /**
   * Sends a page of the log. If the client does not keep up, the rest is read from the log again later, so nothing has to be kept
   * in memory. Returns false if the log no longer reaches back to the client's position.
   */
  #takePage(): Promise<boolean> {
    const { store, hub, log, logSlots, stream, selector } = this.#parts;
    return logSlots.use(async () => {
      if (!stream.isOpen) return true;
      const after = this.#position;
      const page = await log.read({ selector, after, through: hub.recent.start });
      // Check this after reading: if the log was pruned beyond this position, the page may begin with a gap.
      if (store.log.resumableFrom > after) return false;
      if (await this.#passAll(page.events)) this.#position = Math.max(this.#position, page.through);
      return true;
    });
  }

  /** Returns false if the client falls behind before everything is sent. */
  async #passAll(events: readonly LoggedEvent[]): Promise<boolean> {
    const { turns, viewer, stream } = this.#parts;
    let next = 0;
    await turns.run(viewer.userId, () => {
      const some = events.slice(next, next + EVENTS_PER_STEP);
      stream.atOnce(() => some.forEach((event) => this.#pass(event)));
      next += EVENTS_PER_STEP;
      return next >= events.length || !this.#isReading;
    });
    return next >= events.length;
  }

  get #isReading(): boolean {
    const { stream } = this.#parts;
    return stream.isOpen && !stream.isBehind;
  }

  #pass(event: LoggedEvent): void {
    const { selector, types, viewer, access, stream, frames } = this.#parts;
    if (event.sequence <= this.#position) return;
    this.#position = event.sequence;
    const type = typeFor(event, types);
    if (type !== null && selects(selector, event.subject) && access.may(viewer, 'observe', event.subject)) {
      stream.sendText(frames.frameOf(event, type, viewer));
    }
  }
}
