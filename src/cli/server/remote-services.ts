import { z } from 'zod';
import type { OwnerFacts, ServiceAccountFacts } from '../../auth/services/service-account-facts.js';
import type { Control } from './installation/control.js';
import { parseAnswer, RemoteServer } from './remote-server.js';

const owner = z.object({
  user: z.string(),
  user_id: z.string(),
  has_token: z.boolean(),
}) satisfies z.ZodType<OwnerFacts>;
const service = z.object({
  name: z.string(),
  user: z.string(),
  user_id: z.string(),
  created_at: z.string(),
  owners: z.array(owner),
  has_active_owner: z.boolean(),
}) satisfies z.ZodType<ServiceAccountFacts>;

/** Manages the service accounts of a running server. */
export class RemoteServices {
  readonly #server: RemoteServer;

  constructor(control: Control) {
    this.#server = new RemoteServer(control);
  }

  async create(name: string, owners: readonly string[]): Promise<ServiceAccountFacts> {
    return parseAnswer(service, await this.#ask('POST', '', { name, owners }));
  }

  async list(): Promise<ServiceAccountFacts[]> {
    return parseAnswer(z.object({ service_accounts: z.array(service) }), await this.#ask('GET', ''))
      .service_accounts;
  }

  async changeOwners(name: string, owners: readonly string[]): Promise<ServiceAccountFacts> {
    return parseAnswer(service, await this.#ask('PUT', `/${encodeURIComponent(name)}/owners`, { owners }));
  }

  async remove(name: string): Promise<void> {
    await this.#ask('DELETE', `/${encodeURIComponent(name)}`);
  }

  #ask(method: string, path: string, body?: object): Promise<unknown> {
    return this.#server.ask(method, `/admin/service-accounts${path}`, body);
  }
}
