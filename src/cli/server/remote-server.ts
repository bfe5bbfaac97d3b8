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
 * The certificate is made for the name by which clients know the server, and this asks by its address. Nothing is lost: the
 * address is one of this machine's, and it comes from a file that only the server's user can write.
 */
const SAME_MACHINE = { rejectUnauthorized: false } as const;

interface Answer {
  readonly status: number;
  /** Null if it has no body. */
  readonly answer: unknown;
}

const UNREACHABLE =
  'The server that uses this database cannot be reached. Run this as the user that runs the server, or stop the server first.';

/** The running server cannot be asked. */
export class ServerUnreachableError extends Error {
  override readonly name = 'ServerUnreachableError';

  constructor(options?: ErrorOptions, sentence = UNREACHABLE) {
    super(sentence, options);
  }
}

/** The server that runs on this machine, asked as its administrator. */
export class RemoteServer {
  constructor(private readonly control: Control) {}

  /** Returns the body of the answer, or null if it has none. Throws `OctoStoreError`, and `ServerUnreachableError`. */
  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const { status, answer } = await this.#exchange(method, path, body);
    if (status >= 200 && status < 300) return answer;
    const { code, details } = expected(refused, answer);
    // Only another server than the one that wrote the key does not know it.
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

/** An answer in its shape. If it has another one, it does not come from the server. */
export function expected<T>(shape: z.ZodType<T>, answer: unknown): T {
  const { success, data } = shape.safeParse(answer);
  if (!success) throw new ServerUnreachableError();
  return data;
}
