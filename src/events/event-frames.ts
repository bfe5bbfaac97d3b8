import type { LoggedEvent } from '../journal/logged-event.js';
import { presentEvent, type LoginOf } from './event-presenter.js';
import { frameText } from './event-stream.js';

/** How many of the newest frames are kept. These are the events that are being sent to streams now. */
const FRAMES_KEPT = 64;

/** The frames of events. The text of a frame is made once, and shared by all streams that send the event at about that time. */
export class EventFrames {
  readonly #loginOf: LoginOf;
  /** By sequence, oldest first. */
  readonly #frames = new Map<number, Buffer>();

  constructor(loginOf: LoginOf) {
    this.#loginOf = loginOf;
  }

  frameOf(event: LoggedEvent): Buffer {
    return this.#frames.get(event.sequence) ?? this.#make(event);
  }

  #make(event: LoggedEvent): Buffer {
    const data = presentEvent(event, this.#loginOf);
    const frame = Buffer.from(frameText({ event: event.type, id: event.sequence, data }));
    this.#frames.set(event.sequence, frame);
    if (this.#frames.size > FRAMES_KEPT) this.#forgetOldest();
    return frame;
  }

  #forgetOldest(): void {
    for (const sequence of this.#frames.keys()) {
      this.#frames.delete(sequence);
      return;
    }
  }
}
