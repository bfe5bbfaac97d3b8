import { may, type Actor } from '../access/may.js';
import { selects, type Selector } from '../journal/event-query.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import type { LockStore } from '../store/lock-store.js';
import type { Listener } from './audience.js';
import type { EventFrames } from './event-frames.js';
import type { EventHub } from './event-hub.js';
import type { EventStream } from './event-stream.js';
import type { LogReader } from './log-reader.js';
import type { Slots } from './slots.js';
import type { Turns } from './turns.js';

/** Events that are looked at in one step. */
const EVENTS_PER_STEP = 10;

interface WatchParts {
  readonly store: LockStore;
  readonly hub: EventHub;
  readonly turns: Turns;
  readonly log: LogReader;
  /** Lets one stream of the user at a time have a page of the log. */
  readonly logSlots: Slots;
  readonly stream: EventStream;
  readonly selector: Selector;
  readonly viewer: Actor;
  readonly frames: EventFrames;
  /** Sends the present state and returns the sequence of the last event that it takes into account. */
  readonly sendState: () => Promise<number>;
}

/**
 * Streams the state of some locks and then everything that happens to them, without a gap and without repeats. All that it keeps
 * is how far its client has come. A client that misses something reads it from the log or, if that is the end of the log, from
 * memory, as fast as it takes it. Once it misses nothing, it is told of what happens.
 */
export class Watch implements Listener {
  readonly selector: Selector;
  readonly #parts: WatchParts;
  /** The sequence up to which the client knows everything. */
  #position = 0;
  #leave: () => void = () => undefined;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.selector = parts.selector;
  }

  /**
   * Resolves when the client is up to date for the first time, or has gone.
   *
   * @param lastEventId The sequence of the last event that the client has seen; null for a new watch.
   */
  async start(lastEventId: number | null): Promise<void> {
    this.#parts.stream.onClose(() => this.#leave());
    if (lastEventId === null) await this.#sendState();
    else if (!(await this.#resume(lastEventId))) await this.#reset();
    await this.#catchUp();
  }

  hear(event: LoggedEvent): void {
    this.#pass(event);
  }

  leftBehind(sequence: number): void {
    this.#leave();
    this.#position = Math.max(this.#position, sequence);
    this.#catchUp().catch(() => this.#parts.stream.end());
  }

  /** False if there never was such an event. */
  async #resume(lastEventId: number): Promise<boolean> {
    const { store, stream } = this.#parts;
    const lastSequence = await store.read((state) => state.lastSequence);
    if (lastEventId > lastSequence || store.log.resumableFrom > lastEventId) return false;
    stream.comment(`resumed after ${lastEventId}`);
    this.#position = lastEventId;
    return true;
  }

  async #reset(): Promise<void> {
    const message = 'The events since then are no longer in the log. The present state follows.';
    this.#parts.stream.send({ event: 'reset', id: null, data: { message } });
    await this.#sendState();
  }

  async #sendState(): Promise<void> {
    this.#position = await this.#parts.sendState();
  }

  /** Brings the client up to date and has it told of what happens from then on. */
  async #catchUp(): Promise<void> {
    const { stream, hub } = this.#parts;
    for (let isUpToDate = false; stream.isOpen && !isUpToDate;) {
      await stream.drained();
      if (hub.recent.covers(this.#position)) isUpToDate = await this.#takeRecent();
      else if (!(await this.#takePage())) await this.#reset();
    }
  }

  /** Takes recent events, until there are none left or the client is behind. Returns whether it is up to date. */
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
   * Takes a page of the log. What the client does not read soon is asked for again, so that it need not be kept. False if the log
   * no longer reaches back to where the client is.
   */
  #takePage(): Promise<boolean> {
    const { store, hub, log, logSlots, stream, selector } = this.#parts;
    return logSlots.use(async () => {
      if (!stream.isOpen) return true;
      const after = this.#position;
      const page = await log.read({ selector, after, through: hub.recent.start });
      // Checked after reading: had the log been pruned beyond this position, the page might begin with a gap.
      if (store.log.resumableFrom > after) return false;
      if (await this.#passAll(page.events)) this.#position = Math.max(this.#position, page.through);
      return true;
    });
  }

  /** False if the client is behind before all is sent. */
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
    const { selector, viewer, stream, frames } = this.#parts;
    if (event.sequence <= this.#position) return;
    this.#position = event.sequence;
    if (selects(selector, event.subject) && may(viewer, 'observe', event.subject)) {
      stream.sendText(frames.frameOf(event));
    }
  }
}
