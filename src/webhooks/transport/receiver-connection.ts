import { Client, type Dispatcher } from 'undici';
import type { Clock } from '../../clock/clock.js';
import { attemptErrorOf } from './attempt-error.js';
import type { AttemptError, AttemptOutcome } from './attempt-outcome.js';
import { parseRetryAfter } from './retry-after.js';

/** Limits on one call, in milliseconds and bytes. */
export const CALL_LIMITS = { connectMs: 5_000, totalMs: 15_000, answerBytes: 64 * 1024 } as const;

/** How long an idle connection is kept for the next message, in milliseconds. A receiver may ask for longer, up to the maximum. */
const KEEP_ALIVE_MS = { default: 4_000, max: 30_000 } as const;

export type ConnectOptions = Exclude<Client.Options['connect'], ((...args: never[]) => unknown) | undefined>;

/** A POST request, ready to be sent. */
export interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * A connection to one webhook's receiver. It stays open between messages, and is never shared with another webhook. Redirects
 * are not followed. Only the status of the answer and its `Retry-After` count.
 */
export class ReceiverConnection {
  readonly #url: URL;
  readonly #clock: Clock;
  readonly #connect: ConnectOptions;
  #client: Client | null = null;

  constructor(url: URL, clock: Clock, connect: ConnectOptions) {
    this.#url = url;
    this.#clock = clock;
    this.#connect = connect;
  }

  /**
   * Sends a message. Never rejects.
   *
   * @param aborted Ends the call.
   * @returns Null if the call was aborted. The receiver may still have got the message.
   */
  async post(message: Post, aborted: AbortSignal): Promise<AttemptOutcome | null> {
    const start = this.#clock.monotonicMs();
    const end = new AbortController();
    const abort = (): void => end.abort();
    // Not `AbortSignal.any`, which would make the long-lived signal remember every call.
    aborted.addEventListener('abort', abort, { once: true });
    const cancelTimer = this.#clock.after(CALL_LIMITS.totalMs, abort);
    try {
      const outcome = aborted.aborted ? null : await this.#call(message, end.signal);
      if (outcome === null || (outcome.status === null && aborted.aborted)) return null;
      return { ...outcome, durationMs: Math.round(this.#clock.monotonicMs() - start) };
    } finally {
      cancelTimer();
      aborted.removeEventListener('abort', abort);
    }
  }

  /** Closes the connection. The next message opens a new one. */
  close(): void {
    const client = this.#client;
    this.#client = null;
    client?.destroy().catch(() => undefined);
  }

  async #call(message: Post, end: AbortSignal): Promise<Omit<AttemptOutcome, 'durationMs'>> {
    try {
      const response = await this.#request(message, end);
      const retryAfterMs = parseRetryAfter(response.headers['retry-after'], this.#clock.wallMs());
      await discard(response.body);
      const error = errorOf(response.statusCode);
      if (error !== null) this.close();
      return { status: response.statusCode, error, retryAfterMs };
    } catch (error) {
      this.close();
      return { status: null, error: end.aborted ? 'timeout' : attemptErrorOf(error), retryAfterMs: null };
    }
  }

  #request({ headers, body }: Post, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    this.#client ??= new Client(this.#url.origin, {
      connect: { ...this.#connect, timeout: CALL_LIMITS.connectMs },
      pipelining: 1,
      headersTimeout: CALL_LIMITS.totalMs,
      bodyTimeout: CALL_LIMITS.totalMs,
      keepAliveTimeout: KEEP_ALIVE_MS.default,
      keepAliveMaxTimeout: KEEP_ALIVE_MS.max,
    });
    const path = `${this.#url.pathname}${this.#url.search}`;
    return this.#client.request({ path, method: 'POST', headers, body, signal });
  }
}

function errorOf(status: number): AttemptError | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400 ? 'redirect' : 'status';
}

/** Reads an answer to its end, so that the connection can be used again, but no more than the limit. */
async function discard(body: Dispatcher.ResponseData['body']): Promise<void> {
  let received = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      received += chunk.length;
      if (received > CALL_LIMITS.answerBytes) return;
    }
  } catch {
    // The status has arrived. How the rest of the answer ends does not matter.
  }
}
