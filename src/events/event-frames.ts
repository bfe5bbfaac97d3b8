import type { Actor } from '../access/may.js';
import type { LockName } from '../core/model/lock-name.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import { presentEvent, visibleLocks, type LoginOf } from './event-presenter.js';
import { frameText } from './event-stream.js';

/** How many of the newest frames are kept. These are the events that are being sent to streams now. */
const FRAMES_KEPT = 64;

/**
 * The frames of events. The text of a frame is made once, and shared by all streams that send the event at about that time, unless
 * a reader may see only a part of it.
 */
export class EventFrames {
  readonly #loginOf: LoginOf;
  /** By sequence, oldest first. */
  readonly #frames = new Map<number, Buffer>();

  constructor(loginOf: LoginOf) {
    this.#loginOf = loginOf;
  }

  frameOf(event: LoggedEvent, reader: Actor): Buffer {
    const leaseLocks = visibleLocks(event, reader);
    // Few readers may see only some locks of a lease, so their frames are not kept.
    if (leaseLocks !== event.body.leaseLocks) return this.#make(event, leaseLocks);
    return this.#frames.get(event.sequence) ?? this.#keep(event.sequence, this.#make(event, leaseLocks));
  }

  #make(event: LoggedEvent, leaseLocks: readonly LockName[]): Buffer {
    const data = presentEvent(event, { leaseLocks, loginOf: this.#loginOf });
    return Buffer.from(frameText({ event: event.type, id: event.sequence, data }));
  }

  #keep(sequence: number, frame: Buffer): Buffer {
    this.#frames.set(sequence, frame);
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
