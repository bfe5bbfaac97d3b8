import { createHash } from 'node:crypto';
import { presentEvent, type Presentation } from '../../events/event-presenter.js';
import type { DeadReason, DeliveryRow } from '../../journal/rows/delivery-row.js';
import type { LoggedEvent } from '../../journal/logged-event.js';

/** One event on its way to one webhook, as it is stored. */
export type Delivery = Readonly<DeliveryRow>;

/**
 * The id of a delivery. It is computed from its webhook and its event, so no one needs to look it up.
 *
 * @returns A UUID of version 8, which is for ids that an application computes in its own way.
 */
export function deliveryIdOf(webhookId: string, sequence: number): string {
  const bytes = createHash('sha256').update(`${webhookId}/${sequence}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The text that is signed and sent for an event. */
export function payloadOf(event: LoggedEvent, presentation: Omit<Presentation, 'namesHolder'>): string {
  return JSON.stringify(presentEvent(event, { ...presentation, namesHolder: false }));
}

/** A delivery that waits for its first attempt. */
export function newDelivery(webhookId: string, sequence: number, payload: string, wallMs: number): Delivery {
  return {
    deliveryId: deliveryIdOf(webhookId, sequence),
    webhookId,
    sequence,
    payload,
    state: 'pending',
    lane: 'ordered',
    deadReason: null,
    attempts: '[]',
    failures: 0,
    nextAttemptAt: null,
    createdAt: wallMs,
  };
}

/** The delivery as a dead letter. */
export function asDeadLetter(delivery: Delivery, deadReason: DeadReason): Delivery {
  return { ...delivery, state: 'dead', deadReason, nextAttemptAt: null };
}
