import { z } from 'zod';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { Control } from './installation/control.js';
import { parseAnswer, RemoteServer } from './remote-server.js';

const PAGE_SIZE = '1000';

const ID = /^[0-9a-f-]{36}$/i;

const webhook = z.looseObject({
  id: z.string(),
  user: z.string(),
  url: z.string(),
  status: z.string(),
  suspended_by: z.string().nullable(),
  disabled_reason: z.string().nullable(),
  deliveries_pending: z.number(),
});
const page = z.object({ webhooks: z.array(webhook), next_cursor: z.string().nullable() });

/** The fields of a webhook that commands show. JSON output shows all fields that the server sends. */
export type WebhookFacts = z.infer<typeof webhook>;

/** Manages the webhooks of the running server. */
export class RemoteWebhooks {
  readonly #server: RemoteServer;

  constructor(control: Control) {
    this.#server = new RemoteServer(control);
  }

  /** All webhooks, or those of one user, oldest first. */
  async list(user?: string): Promise<WebhookFacts[]> {
    const all: WebhookFacts[] = [];
    const query = new URLSearchParams({ limit: PAGE_SIZE, ...(user === undefined ? {} : { user }) });
    for (;;) {
      const { webhooks, next_cursor } = parseAnswer(page, await this.#ask('GET', `?${query.toString()}`));
      all.push(...webhooks);
      if (next_cursor === null) return all;
      query.set('cursor', next_cursor);
    }
  }

  async change(id: string, verb: 'suspend' | 'resume'): Promise<WebhookFacts> {
    return parseAnswer(webhook, await this.#ask('POST', `/${checked(id)}/${verb}`));
  }

  async remove(id: string): Promise<void> {
    await this.#ask('DELETE', `/${checked(id)}`);
  }

  #ask(method: string, path: string): Promise<unknown> {
    return this.#server.ask(method, `/admin/webhooks${path}`);
  }
}

/** Throws for texts that would change the path, such as `..`. */
function checked(id: string): string {
  if (!ID.test(id)) throw new OctoStoreError('webhook_not_found');
  return id;
}
