import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { json, text } from 'node:stream/consumers';
import { z } from 'zod';
import { ERROR_CODES } from '../../errors/error-table.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { Control } from './installation/control.js';

const ANSWERS_WITHIN_MS = 30_000;

const refused = z.object({ code: z.enum(ERROR_CODES), details: z.string().optional() });

/** How long a server may take to show that it is the right one, in milliseconds. */
const SHOWS_UP_WITHIN_MS = 2_000;

interface Sent {
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly withinMs?: number;
}

interface Answer {
  readonly status: number;
  /** The body. Null if there is none. */
  readonly answer: unknown;
}

/** What to say about a server that publishes in a file beside its database. */
export const UNREACHABLE =
  'The server that uses this database cannot be reached. Run this as the user that runs the server, or stop the server first.';

/** The running server cannot be reached. */
export class ServerUnreachableError extends Error {
  override readonly name = 'ServerUnreachableError';

  constructor(options?: ErrorOptions, sentence = UNREACHABLE) {
    super(sentence, options);
  }
}

/** Sends requests to the running server, as an administrator. */
export class RemoteServer {
  constructor(private readonly control: Control) {}

  /**
   * Sends a request and returns the body of the answer, or null if it has none. Throws `OctoStoreError`, and
   * `ServerUnreachableError`.
   */
  async ask(
    method: string,
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<unknown> {
    const { status, answer } = await this.#exchange(method, path, { body, headers });
    if (status >= 200 && status < 300) return answer;
    throw this.#refusal(answer);
  }

  /** The body of an answer that is text. Throws as `ask` does. */
  async text(path: string): Promise<string> {
    const { status, answer } = await this.#exchange('GET', path, {});
    if (status === 200 && typeof answer === 'string') return answer;
    throw this.#refusal(answer);
  }

  #refusal(answer: unknown): Error {
    const { code, details } = parseAnswer(refused, answer);
    // The server that published the key accepts it, so this is another server.
    if (code === 'unauthorized') return new ServerUnreachableError({}, this.control.ifUnreachable);
    return new OctoStoreError(code, details === undefined ? {} : { details });
  }

  /** Whether the server answers and accepts the key. */
  async answers(): Promise<boolean> {
    try {
      const { status } = await this.#exchange('GET', '/admin/status', { withinMs: SHOWS_UP_WITHIN_MS });
      return status === 200;
    } catch (error) {
      if (error instanceof ServerUnreachableError) return false;
      throw error;
    }
  }

  async #exchange(
    method: string,
    path: string,
    { body, headers, withinMs = ANSWERS_WITHIN_MS }: Sent,
  ): Promise<Answer> {
    const { url: base, key, isOnThisMachine, isBearer = false } = this.control;
    try {
      const url = new URL(`${base}${path}`);
      const credential = isBearer ? { authorization: `Bearer ${key}` } : { 'x-admin-key': key };
      const options = {
        method,
        headers: { ...credential, ...headers },
        signal: AbortSignal.timeout(withinMs),
      };
      // A new agent ignores proxies from the environment, unlike the default agent and `fetch`. No one else may see the key.
      const request =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: new HttpsAgent({ rejectUnauthorized: !isOnThisMachine }) })
          : httpRequest(url, { ...options, agent: new Agent() });
      request.end(body === undefined ? undefined : JSON.stringify(body));
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      const { statusCode: status = 0 } = response;
      return { status, answer: await bodyOf(response) };
    } catch (error) {
      throw new ServerUnreachableError({ cause: error }, this.control.ifUnreachable);
    }
  }
}

function bodyOf(response: IncomingMessage): Promise<unknown> {
  if (response.statusCode === 204) return Promise.resolve(null);
  return response.headers['content-type']?.startsWith('application/x-ndjson') === true
    ? text(response)
    : json(response);
}

/** Checks the shape of an answer. If it is wrong, the answer does not come from our server. */
export function parseAnswer<T>(shape: z.ZodType<T>, answer: unknown): T {
  const { success, data } = shape.safeParse(answer);
  if (!success) throw new ServerUnreachableError();
  return data;
}
