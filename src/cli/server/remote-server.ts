import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { ERROR_CODES } from '../../errors/error-table.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { Control } from './control-file.js';

const ANSWERS_WITHIN_MS = 30_000;

const refused = z.object({ code: z.enum(ERROR_CODES), details: z.string().optional() });

/**
 * The certificate is for the server's name, but these requests go to its address. That is safe: the address is on this
 * machine, and it comes from a file that only the server's user can write.
 */
const NO_CERTIFICATE_CHECK = { rejectUnauthorized: false } as const;

interface Answer {
  readonly status: number;
  /** The body. Null if there is none. */
  readonly answer: unknown;
}

const UNREACHABLE =
  'The server that uses this database cannot be reached. Run this as the user that runs the server, or stop the server first.';

/** The running server cannot be reached. */
export class ServerUnreachableError extends Error {
  override readonly name = 'ServerUnreachableError';

  constructor(options?: ErrorOptions, sentence = UNREACHABLE) {
    super(sentence, options);
  }
}

/** Sends requests to the server on this machine, as an administrator. */
export class RemoteServer {
  constructor(private readonly control: Control) {}

  /**
   * Sends a request and returns the body of the answer, or null if it has none. Throws `OctoStoreError`, and
   * `ServerUnreachableError`.
   */
  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const { status, answer } = await this.#exchange(method, path, body);
    if (status >= 200 && status < 300) return answer;
    const { code, details } = parseAnswer(refused, answer);
    // The server that wrote the key accepts it, so this is another server.
    if (code === 'unauthorized') throw new ServerUnreachableError();
    throw new OctoStoreError(code, details === undefined ? {} : { details });
  }

  async #exchange(method: string, path: string, body?: object): Promise<Answer> {
    try {
      const url = new URL(`${this.control.url}${path}`);
      const options = {
        method,
        headers: { 'x-admin-key': this.control.key },
        signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      };
      // A new agent ignores proxies from the environment, unlike the default agent and `fetch`. The key must not leave this
      // machine.
      const request =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: new HttpsAgent(NO_CERTIFICATE_CHECK) })
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

/** Checks the shape of an answer. If it is wrong, the answer does not come from our server. */
export function parseAnswer<T>(shape: z.ZodType<T>, answer: unknown): T {
  const { success, data } = shape.safeParse(answer);
  if (!success) throw new ServerUnreachableError();
  return data;
}
