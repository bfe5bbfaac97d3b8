import { lastSequence } from '../../kit/history/event-log.js';
import { Client } from '../../kit/http/client.js';
import type { Interest, Subscription } from './subscription.js';

export const WEBHOOKS_PER_USER = 10;

/** A webhook that exists or was deleted. */
export interface Registration {
  readonly id: string;
  readonly owner: number;
  readonly subscription: Subscription;
  /** A description for messages. */
  readonly label: string;
}

export function tokenOf(user: number): string {
  return `bearer-token-of-u${user}`;
}

/** Creates a webhook. Each owner has ten, by their numbers. */
export async function subscribe(
  url: string,
  number: number,
  receiverUrl: string,
  interest: Interest,
  secret: string | null,
): Promise<Registration> {
  const owner = Math.floor(number / WEBHOOKS_PER_USER);
  const client = new Client(url, tokenOf(owner));
  const { covers: _, ...filters } = interest;
  const notBefore = await lastSequence(client);
  const { status, body } = await client.post('/webhooks', { url: receiverUrl, secret, ...filters });
  if (status !== 201) throw new Error(`the webhook was refused: ${status} ${JSON.stringify(body)}`);
  const surelyAfter = await lastSequence(client);
  const subscription = { interest, secret, notBefore, surelyAfter, notAfter: Infinity };
  return { id: String(body['id']), owner, subscription, label: JSON.stringify(filters) };
}

/** Deletes a webhook. */
export async function unsubscribe(url: string, { id, owner, subscription }: Registration): Promise<void> {
  const client = new Client(url, tokenOf(owner));
  const { status, body } = await client.delete(`/webhooks/${id}`);
  if (status !== 204) throw new Error(`the webhook was not deleted: ${status} ${JSON.stringify(body)}`);
  subscription.notAfter = await lastSequence(client);
}
