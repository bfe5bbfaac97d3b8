import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { json } from 'node:stream/consumers';
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

/**
 * The certificate is made for the name by which clients know the server, and this asks by its address. Nothing is lost: the
 * address is one of this machine's, and it comes from a file that only the server's user can write.
 */
const SAME_MACHINE = { rejectUnauthorized: false } as const;

const ID = /^[0-9a-f]+$/;

interface Answer {
  readonly status: number;
  /** Null if it has no body. */
  readonly answer: unknown;
}

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
    return expected(created, await this.#ask('POST', '', { user }));
  }

  async list(user?: string): Promise<TokenFacts[]> {
    return expected(listed, await this.#ask('GET', user === undefined ? '' : ofUser(user))).tokens;
  }

  async revoke(id: string): Promise<void> {
    // Some texts mean other paths, such as `..`.
    if (!ID.test(id)) throw new OctoStoreError('token_not_found');
    await this.#ask('DELETE', `/${id}`);
  }

  async revokeAllOf(user: string): Promise<TokenFacts[]> {
    return expected(listed, await this.#ask('DELETE', ofUser(user))).tokens;
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const { status, answer } = await this.#exchange(method, path, body);
    if (status >= 200 && status < 300) return answer;
    const { code, details } = expected(refused, answer);
    // Only another server than the one that wrote the key does not know it.
    if (code === 'unauthorized') throw new ServerUnreachableError();
    throw new OctoStoreError(code, details === undefined ? {} : { details });
  }

  async #exchange(method: string, path: string, body?: object): Promise<Answer> {
    try {
      const url = new URL(`${this.control.url}/admin/tokens${path}`);
      const options = {
        method,
        headers: { 'x-admin-key': this.control.key },
        signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      };
      // Unlike the usual agent and `fetch`, a new one heeds no proxy of the environment: the key is for this machine only.
      const request =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: new HttpsAgent(SAME_MACHINE) })
          : httpRequest(url, { ...options, agent: new Agent() });
      request.end(body === undefined ? undefined : JSON.stringify(body));
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      const { statusCode: status = 0 } = response;
      return { status, answer: status === 204 ? null : await json(response) };
    } catch (error) {
      throw new ServerUnreachableError({ cause: error });
    }
  }
}

function ofUser(user: string): string {
  return `?${new URLSearchParams({ user }).toString()}`;
}

/** An answer in its shape; whoever answers otherwise is not the server. */
function expected<T>(shape: z.ZodType<T>, answer: unknown): T {
  const { success, data } = shape.safeParse(answer);
  if (!success) throw new ServerUnreachableError();
  return data;
}
