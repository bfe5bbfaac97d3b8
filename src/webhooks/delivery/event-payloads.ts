import type { Access } from '../../access/access.js';
import type { Actor } from '../../access/may.js';
import type { LockEventType } from '../../core/model/event.js';
import type { LoginOf } from '../../events/event-fields.js';
import { visibleLocks } from '../../events/event-presenter.js';
import type { LoggedEvent } from '../../journal/logged-event.js';
import { payloadOf } from './delivery.js';

/** The payloads of events. Webhooks that get an event under the same type, and whose owners may see all locks of its lease, share one. */
export class EventPayloads {
  readonly #loginOf: LoginOf;
  readonly #access: Access;
  readonly #whole = new Map<LoggedEvent, string>();
  /** Of events that a webhook gets under another type than that in the log. */
  readonly #translated = new Map<LoggedEvent, string>();

  constructor(loginOf: LoginOf, access: Access) {
    this.#loginOf = loginOf;
    this.#access = access;
  }

  /** @param type the type under which the webhook gets the event. */
  of(event: LoggedEvent, type: LockEventType, owner: Actor): string {
    const presentation = {
      type,
      leaseLocks: visibleLocks(event, owner, this.#access),
      loginOf: this.#loginOf,
    };
    if (presentation.leaseLocks !== event.body.leaseLocks) return payloadOf(event, presentation);
    const shared = type === event.type ? this.#whole : this.#translated;
    const payload = shared.get(event) ?? payloadOf(event, presentation);
    shared.set(event, payload);
    return payload;
  }
}
