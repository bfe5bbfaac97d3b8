import { Client } from '../../kit/http/client.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { BuiltServer } from '../../kit/server/built-server.js';
import { tokenOf, WEBHOOKS_PER_USER } from './registration.js';

/** A webhook that should never be called. */
export interface Planted {
  readonly id: string;
  readonly url: string;
  readonly client: () => Client;
}

/** What there is to say of the newest delivery of a webhook. */
interface NewestDelivery {
  readonly id: string;
  readonly errors: readonly string[];
}

const PATIENCE_MS = 120_000;

export const ATTACKERS = 8;

export function attackersTokens(): string {
  return Array.from({ length: ATTACKERS }, (_, user) => `u${user}:${tokenOf(user)}`).join(',');
}

/** Plants webhooks with URLs that lead where none may go, and looks at what the server makes of them. */
export class Attacker {
  readonly #server: BuiltServer;
  readonly #planted: Planted[] = [];
  #locks = 0;

  constructor(server: BuiltServer) {
    this.#server = server;
  }

  get planted(): readonly Planted[] {
    return this.#planted;
  }

  /** Tries to make a webhook. Returns the status that came back. */
  async plant(url: string): Promise<number> {
    const owner = Math.floor(this.#planted.length / WEBHOOKS_PER_USER);
    const client = (): Client => new Client(this.#server.url, tokenOf(owner));
    const { status, body } = await client().post('/webhooks', { url });
    if (status === 201) this.#planted.push({ id: String(body['id']), url, client });
    return status;
  }

  /** Makes something happen that every webhook wants to be told. */
  async provoke(): Promise<void> {
    this.#locks += 1;
    const client = new Client(this.#server.url, tokenOf(0));
    const { status } = await client.post(`/locks/bait-${this.#locks}/acquire`, { ttl_seconds: 3600 });
    if (status !== 200) throw new Error(`nothing happened: ${status}`);
  }

  /** Has the oldest delivery that waits made at once, and returns what came of that attempt. */
  async nextAttempt(planted: Planted, attempts: number): Promise<string> {
    const { id } = await this.#attempted(planted, attempts - 1);
    if (attempts > 1) await planted.client().post(`/webhooks/${planted.id}/deliveries/${id}/redeliver`);
    const { errors } = await this.#attempted(planted, attempts);
    return errors.at(-1) ?? '';
  }

  /** Resolves when the first delivery that there is has been attempted so often. */
  async #attempted(planted: Planted, attempts: number): Promise<NewestDelivery> {
    const endMs = nowMs() + PATIENCE_MS;
    for (;;) {
      const { body } = await planted.client().get(`/webhooks/${planted.id}/deliveries`);
      const [first] = (body['deliveries'] as readonly DeliveryBody[]).toReversed();
      if (first !== undefined && first.attempts.length >= attempts) {
        return { id: first.id, errors: first.attempts.map(({ error }) => error ?? 'none') };
      }
      if (nowMs() > endMs) throw new Error(`no attempt was made for ${planted.url}`);
      await pause(20);
    }
  }
}

interface DeliveryBody {
  readonly id: string;
  readonly attempts: readonly { readonly error: string | null }[];
}
