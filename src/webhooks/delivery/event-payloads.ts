import type { Actor } from '../../access/may.js';
import { visibleLocks } from '../../events/event-presenter.js';
import type { LoggedEvent } from '../../journal/logged-event.js';
import { payloadOf } from './delivery.js';

/** The payloads of events. Webhooks whose owners may see all locks of an event's lease share one. */
export class EventPayloads {
  readonly #whole = new Map<LoggedEvent, string>();

  of(event: LoggedEvent, owner: Actor): string {
    const leaseLocks = visibleLocks(event, owner);
    if (leaseLocks !== event.body.leaseLocks) return payloadOf(event, leaseLocks);
    const payload = this.#whole.get(event) ?? payloadOf(event, leaseLocks);
    this.#whole.set(event, payload);
    return payload;
  }
}
