import { z } from 'zod';
import type { NewToken, TokenDesk, TokenFacts } from '../auth/tokens/token-desk.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { ERROR_CODES } from '../errors/error-table.js';
import type { Control } from './control-file.js';

const ANSWERS_WITHIN_MS = 30_000;

const facts = z.object({
  id: z.string(),
  user: z.string(),
  user_id: z.string(),
  created_at: z.string().nullable(),
}) satisfies z.ZodType<TokenFacts>;
const created = facts.extend({ token: z.string() }) satisfies z.ZodType<NewToken>;
const listed = z.object({ tokens: z.array(facts) });
const refused = z.object({ code: z.enum(ERROR_CODES), details: z.string().optional() });

/** The running server cannot be asked. */
export class ServerUnreachableError extends Error {
  override readonly name = 'ServerUnreachableError';

  constructor(options?: ErrorOptions) {
    super(
      'The server that uses this database cannot be reached. Run this as the user that runs the server, or stop the server first.',
      options,
    );
  }
}

/** The tokens of the server that runs on this machine. */
export class RemoteTokens implements TokenDesk {
  constructor(private readonly control: Control) {}

  async create(user: string): Promise<NewToken> {
    return created.parse(await this.#ask('POST', '', { user }));
  }

  async list(user?: string): Promise<TokenFacts[]> {
    const query = user === undefined ? '' : `?${new URLSearchParams({ user }).toString()}`;
    return listed.parse(await this.#ask('GET', query)).tokens;
  }

  async revoke(id: string): Promise<void> {
    await this.#ask('DELETE', `/${encodeURIComponent(id)}`);
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await this.#fetch(method, path, body);
    if (response.status === 204) return null;
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    const { code, details } = refused.parse(answer);
    throw new OctoStoreError(code, details === undefined ? {} : { details });
  }

  async #fetch(method: string, path: string, body?: object): Promise<Response> {
    try {
      return await fetch(`${this.control.url}/admin/tokens${path}`, {
        method,
        headers: { 'x-admin-key': this.control.key },
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new ServerUnreachableError({ cause: error });
    }
  }
}
