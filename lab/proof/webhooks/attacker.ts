import { Client } from '../../kit/http/client.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { BuiltServer } from '../../kit/server/built-server.js';
import { tokenOf, WEBHOOKS_PER_USER } from './registration.js';

/** A webhook that the server must never call. */
export interface AttackWebhook {
  readonly id: string;
  readonly url: string;
  readonly client: () => Client;
}

/** The state of a webhook's first delivery. */
interface FirstDelivery {
  readonly id: string;
  readonly errors: readonly string[];
}

const PATIENCE_MS = 120_000;

export const ATTACKERS = 8;

export function attackersTokens(): string {
  return Array.from({ length: ATTACKERS }, (_, user) => `u${user}:${tokenOf(user)}`).join(',');
}

/** Creates webhooks with forbidden targets, and reads the results of their deliveries. */
export class Attacker {
  readonly #server: BuiltServer;
  readonly #webhooks: AttackWebhook[] = [];
  #locks = 0;

  constructor(server: BuiltServer) {
    this.#server = server;
  }

  get webhooks(): readonly AttackWebhook[] {
    return this.#webhooks;
  }

  /** Tries to create a webhook. Returns the status of the answer. */
  async createWebhook(url: string): Promise<number> {
    const owner = Math.floor(this.#webhooks.length / WEBHOOKS_PER_USER);
    const client = (): Client => new Client(this.#server.url, tokenOf(owner));
    const { status, body } = await client().post('/webhooks', { url });
    if (status === 201) this.#webhooks.push({ id: String(body['id']), url, client });
    return status;
  }

  /** Causes an event for every webhook. */
  async causeEvent(): Promise<void> {
    this.#locks += 1;
    const client = new Client(this.#server.url, tokenOf(0));
    const { status } = await client.post(`/locks/bait-${this.#locks}/acquire`, { ttl_seconds: 3600 });
    if (status !== 200) throw new Error(`an acquire was refused: ${status}`);
  }

  /** Makes attempt number `attempts` of the first delivery happen now. Returns its error. */
  async nextAttempt(webhook: AttackWebhook, attempts: number): Promise<string> {
    const { id } = await this.#attempted(webhook, attempts - 1);
    if (attempts > 1) await webhook.client().post(`/webhooks/${webhook.id}/deliveries/${id}/redeliver`);
    const { errors } = await this.#attempted(webhook, attempts);
    return errors.at(-1) ?? '';
  }

  /** Resolves when the first delivery has had this many attempts. */
  async #attempted(webhook: AttackWebhook, attempts: number): Promise<FirstDelivery> {
    const endMs = nowMs() + PATIENCE_MS;
    for (;;) {
      const { body } = await webhook.client().get(`/webhooks/${webhook.id}/deliveries`);
      const [first] = (body['deliveries'] as readonly DeliveryBody[]).toReversed();
      if (first !== undefined && first.attempts.length >= attempts) {
        return { id: first.id, errors: first.attempts.map(({ error }) => error ?? 'none') };
      }
      if (nowMs() > endMs) throw new Error(`no attempt was made for ${webhook.url}`);
      await pause(20);
    }
  }
}

interface DeliveryBody {
  readonly id: string;
  readonly attempts: readonly { readonly error: string | null }[];
}
