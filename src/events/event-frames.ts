import type { LoggedEvent } from '../journal/logged-event.js';
import { presentEvent, type LoginOf } from './event-presenter.js';
import { frameText } from './event-stream.js';

/** Events whose frames are kept: those that streams are just being told of. */
const FRAMES_KEPT = 64;

/** The frames of events. The text of a frame is made once and shared by all streams that are told of the event soon. */
export class EventFrames {
  readonly #loginOf: LoginOf;
  /** By sequence, the oldest first. */
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
