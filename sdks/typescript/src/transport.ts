import { NetworkError, TimeoutError } from './errors.js';
import { nowMs } from './time.js';
import { VERSION } from './version.js';

const USER_AGENT = `octostore-typescript/${VERSION}`;

export interface HttpRequest {
  /** The base URL of the server. */
  readonly server: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Relative to the base URL, with the query. */
  readonly path: string;
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** The bearer token, or null for an anonymous request. */
  readonly token: string | null;
  /** Timeout of the attempt in milliseconds, up to the end of the response. */
  readonly timeoutMs: number;
  /** Cancels the request. */
  readonly signal?: AbortSignal | undefined;
}

/** A complete response. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** When the request was sent, on the monotonic clock. No lease in the response can have begun earlier. */
  readonly sentAtMs: number;
}

/** Error codes for a connection that was never made. After any other error, the request may have been sent. */
const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ConnectionRefused',
]);

/** Makes one HTTP request, as the global `fetch` does. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Sends single requests. */
export class Transport {
  readonly #send: Fetch;

  /** @param send the global `fetch` by default. */
  constructor(send: Fetch = (url, init) => fetch(url, init)) {
    this.#send = send;
  }

  /** One attempt. Throws `NetworkError`, `TimeoutError`, or the reason of the request's signal. */
  async exchange(request: HttpRequest): Promise<HttpAnswer> {
    const { signal } = request;
    signal?.throwIfAborted();
    const attempt = new AbortController();
    const abort = (): void => attempt.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await this.#inTime(request, attempt, async () => {
        const sentAtMs = nowMs();
        const response = await this.#fetch(request, attempt.signal);
        return { status: response.status, headers: response.headers, text: await response.text(), sentAtMs };
      });
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Opens a stream. The timeout covers the time until the response headers; `connection` ends the whole stream. */
  async open(request: HttpRequest, connection: AbortController): Promise<Response> {
    return this.#inTime(request, connection, () => this.#fetch(request, connection.signal));
  }

  #fetch(request: HttpRequest, signal: AbortSignal): Promise<Response> {
    const { server, path, method, body, headers, token } = request;
    return this.#send(server + path, {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': USER_AGENT,
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // The token is for the client's servers only, not for one that it redirects to.
      redirect: 'manual',
      signal,
    });
  }

  async #inTime<T>(
    { timeoutMs, server }: HttpRequest,
    attempt: AbortController,
    use: () => Promise<T>,
  ): Promise<T> {
    const late = new TimeoutError(`no answer from ${server} within ${Math.round(timeoutMs)} ms`);
    const timer = setTimeout(() => attempt.abort(late), timeoutMs);
    try {
      return await use();
    } catch (error) {
      throw attempt.signal.aborted ? attempt.signal.reason : networkError(error, server);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Wraps an error from `fetch` or from reading its body. */
export function networkError(error: unknown, server: string): NetworkError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const { code = '' } = Object(cause) as { readonly code?: string };
  const why = cause instanceof Error && cause.message !== '' ? cause.message : code;
  return new NetworkError(
    `the connection to ${server} failed: ${why || 'unknown reason'}`,
    !NO_CONNECTION.has(code),
    cause,
  );
}
