import { NetworkError, TimeoutError } from './errors.js';
import { nowMs } from './time.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the base URL, with its query. */
  readonly path: string;
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who asks; null for nobody in particular. */
  readonly token: string | null;
  /** Milliseconds for one attempt, up to the end of the answer. */
  readonly timeoutMs: number;
  /** Gives the request up. */
  readonly signal?: AbortSignal | undefined;
}

/** A whole answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** When its request was sent, on the monotonic clock: no lease that it speaks of can have begun before. */
  readonly sentAtMs: number;
}

/** Codes of the engines for a connection that was never made. Of other failures the request may have been sent before. */
const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ConnectionRefused',
]);

/** Sends single requests to one server. */
export class Transport {
  constructor(readonly baseUrl: string) {}

  /** One attempt. Throws `NetworkError` or `TimeoutError`, or the reason of the request's signal. */
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

  /** Opens a stream. The time-out counts up to the head of the answer; `connection` ends the whole of it. */
  async open(request: HttpRequest, connection: AbortController): Promise<Response> {
    return this.#inTime(request, connection, () => this.#fetch(request, connection.signal));
  }

  #fetch({ method, path, body, headers, token }: HttpRequest, signal: AbortSignal): Promise<Response> {
    return fetch(this.baseUrl + path, {
      method,
      headers: {
        accept: 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // The token is for this server and for none that it might name.
      redirect: 'manual',
      signal,
    });
  }

  async #inTime<T>({ timeoutMs }: HttpRequest, attempt: AbortController, use: () => Promise<T>): Promise<T> {
    const late = new TimeoutError(`no answer within ${Math.round(timeoutMs)} ms`);
    const timer = setTimeout(() => attempt.abort(late), timeoutMs);
    try {
      return await use();
    } catch (error) {
      throw attempt.signal.aborted ? attempt.signal.reason : networkError(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What `fetch` or the reading of its body threw. */
export function networkError(error: unknown): NetworkError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const { code = '' } = Object(cause) as { readonly code?: string };
  const why = cause instanceof Error && cause.message !== '' ? cause.message : code;
  return new NetworkError(
    `the connection failed: ${why || 'unknown reason'}`,
    !NO_CONNECTION.has(code),
    cause,
  );
}
