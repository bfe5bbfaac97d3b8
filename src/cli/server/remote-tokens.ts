import { z } from 'zod';
import type { AskedBreakGlass, NewToken, TokenDesk } from '../../auth/tokens/token-desk.js';
import { scopeGrant } from '../../access/scope/scope-grants.js';
import type { TokenFacts } from '../../auth/tokens/token-facts.js';
import type { AskedTerms } from '../../auth/tokens/token-terms.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { Control } from './installation/control.js';
import { parseAnswer, RemoteServer } from './remote-server.js';

export { ServerUnreachableError } from './remote-server.js';

/** A server of an earlier version does not send it. */
const absentOnOlderServers = z.string().nullable().default(null);

const facts = z.object({
  id: z.string(),
  kind: z.enum(['token', 'browser_session']).default('token'),
  label: absentOnOlderServers,
  user: z.string(),
  user_id: z.string(),
  created_at: z.string().nullable(),
  expires_at: absentOnOlderServers,
  last_used_at: absentOnOlderServers,
  scopes: z.array(scopeGrant).nullable().default(null),
}) satisfies z.ZodType<TokenFacts>;
const created = facts.extend({ token: z.string() }) satisfies z.ZodType<NewToken>;
const listed = z.object({ tokens: z.array(facts) });

const ID = /^[0-9a-f]+$/;

/** Manages the tokens of the running server. */
export class RemoteTokens implements TokenDesk {
  readonly #server: RemoteServer;

  constructor(control: Control) {
    this.#server = new RemoteServer(control);
  }

  async create(user: string, asked: AskedTerms = {}): Promise<NewToken> {
    return parseAnswer(created, await this.#ask('POST', '', { user, ...asked }));
  }

  async breakGlass(asked: AskedBreakGlass): Promise<NewToken> {
    return parseAnswer(created, await this.#server.ask('POST', '/admin/break-glass', asked));
  }

  async list(user?: string): Promise<TokenFacts[]> {
    return parseAnswer(listed, await this.#ask('GET', user === undefined ? '' : ofUser(user))).tokens;
  }

  async revoke(id: string): Promise<void> {
    // Some texts would change the path, such as `..`.
    if (!ID.test(id)) throw new OctoStoreError('token_not_found');
    await this.#ask('DELETE', `/${id}`);
  }

  async revokeAllOf(user: string): Promise<TokenFacts[]> {
    return parseAnswer(listed, await this.#ask('DELETE', ofUser(user))).tokens;
  }

  #ask(method: string, path: string, body?: object): Promise<unknown> {
    return this.#server.ask(method, `/admin/tokens${path}`, body);
  }
}

function ofUser(user: string): string {
  return `?${new URLSearchParams({ user }).toString()}`;
}
