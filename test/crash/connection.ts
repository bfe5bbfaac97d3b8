import { Agent, request } from 'node:http';
import { nowMs } from '../support/process.js';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly sentMs: number;
  readonly returnedMs: number;
}

/** No answer came: whether the request took effect is unknown. */
export class CutError extends Error {
  override readonly name = 'CutError';

  constructor(
    readonly sentMs: number,
    cause: unknown,
  ) {
    super('the connection was cut', { cause });
  }
}

/** One keep-alive connection of one user. */
export class Connection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  get(path: string): Promise<Answer> {
    return this.#call('GET', path);
  }

  post(path: string, body: object): Promise<Answer> {
    return this.#call('POST', path, JSON.stringify(body));
  }

  delete(path: string): Promise<Answer> {
    return this.#call('DELETE', path);
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Throws `CutError` when no whole answer comes. */
  #call(method: string, path: string, body?: string): Promise<Answer> {
    const sentMs = nowMs();
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    return new Promise((resolve, reject) => {
      const cut = (cause: unknown): void => reject(new CutError(sentMs, cause));
      const sent = request(`${this.#url}${path}`, { method, headers, agent: this.#agent }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', cut);
        response.on('end', () => {
          if (!response.complete) return cut(new Error('half an answer'));
          const returnedMs = nowMs();
          resolve({ status: response.statusCode ?? 0, body: parse(text), sentMs, returnedMs });
        });
      });
      sent.on('error', cut);
      sent.end(body);
    });
  }
}

function parse(text: string): Record<string, unknown> {
  return text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
}
