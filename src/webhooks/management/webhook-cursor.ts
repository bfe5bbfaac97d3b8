import { OctoStoreError } from '../../errors/octostore-error.js';
import { isUuid } from '../../http/input/checks.js';
import type { Webhook } from '../subscriptions/webhook.js';

/** The position of a webhook in the list of all webhooks. `createdAt` is in wall-clock milliseconds. */
export interface WebhookPosition {
  readonly createdAt: number;
  readonly id: string;
}

export function positionOf({ id, row: { createdAt } }: Webhook): WebhookPosition {
  return { createdAt, id };
}

/** Negative if `a` is older than `b`. */
export function compareAge(a: WebhookPosition, b: WebhookPosition): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** The cursor of a page, encoded so that no one builds one by hand. */
export function encodePosition({ createdAt, id }: WebhookPosition): string {
  return Buffer.from(`${createdAt}/${id}`).toString('base64url');
}

/** The position after which the next page begins. Throws `validation_failed`. */
export function decodePosition(cursor: string): WebhookPosition {
  const [createdAt = '', id] = Buffer.from(cursor, 'base64url').toString('utf8').split('/');
  if (!/^\d{1,15}$/.test(createdAt) || !isUuid(id)) {
    throw new OctoStoreError('validation_failed', {
      details: 'cursor must be the next_cursor from an earlier page.',
    });
  }
  return { createdAt: Number(createdAt), id };
}
