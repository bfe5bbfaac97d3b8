import type { Access } from '../access/access.js';
import type { Actor } from '../access/may.js';
import type { LockEventType } from '../core/model/event.js';
import type { LockName } from '../core/model/lock-name.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import type { LoginOf } from './event-fields.js';
import { presentEvent, visibleLocks } from './event-presenter.js';
import { frameText } from './event-stream.js';
import { RecentFrames } from './recent-frames.js';

/**
 * The frames of events. The text of a frame is made once, and shared by all streams that send the event at about that time, unless
 * a reader may see only a part of it.
 */
export class EventFrames {
  readonly #loginOf: LoginOf;
  readonly #access: Access;
  readonly #frames = new RecentFrames();
  /** Of events that a reader gets under another type than that in the log. */
  readonly #translated = new RecentFrames();

  constructor(loginOf: LoginOf, access: Access) {
    this.#loginOf = loginOf;
    this.#access = access;
  }

  /** @param type the type under which the reader gets the event. */
  frameOf(event: LoggedEvent, type: LockEventType, reader: Actor): Buffer {
    const leaseLocks = visibleLocks(event, reader, this.#access);
    // Few readers may see only some locks of a lease, so their frames are not kept.
    if (leaseLocks !== event.body.leaseLocks) return this.#make(event, type, leaseLocks);
    const frames = type === event.type ? this.#frames : this.#translated;
    return frames.get(event.sequence) ?? frames.keep(event.sequence, this.#make(event, type, leaseLocks));
  }

  #make(event: LoggedEvent, type: LockEventType, leaseLocks: readonly LockName[]): Buffer {
    const data = presentEvent(event, { type, leaseLocks, loginOf: this.#loginOf, namesHolder: true });
    return Buffer.from(frameText({ event: type, id: event.sequence, data }));
  }
}
