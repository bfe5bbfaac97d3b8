import { request, type Dispatcher } from 'undici';
import type { Clock } from '../../clock/clock.js';
import { readLimited } from '../limited-text.js';

/** Milliseconds from the request to the last byte of the response. */
const TIME_LIMIT_MS = 10_000;

export interface LimitedRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Maximum size of the response, in bytes. */
  readonly sizeLimit: number;
  /** How to connect. If left out, in the usual way. */
  readonly dispatcher?: Dispatcher;
}

export interface LimitedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** There was no response within the limits. The message says why, and contains nothing secret. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** Sends a request to a provider. Follows no redirects, and waits at most 10 s. Throws `NoAnswerError`. */
export async function sendLimited(
  clock: Clock,
  { method, url, headers, body, sizeLimit, dispatcher }: LimitedRequest,
): Promise<LimitedAnswer> {
  const abort = new AbortController();
  const cancelTimer = clock.after(TIME_LIMIT_MS, () => abort.abort());
  try {
    const answer = await request(url, {
      method,
      headers: { 'user-agent': 'OctoStore', accept: 'application/json', ...headers },
      body,
      signal: abort.signal,
      ...(dispatcher === undefined ? {} : { dispatcher }),
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: await readLimited(answer.body, sizeLimit),
    };
  } catch (error) {
    throw new NoAnswerError(abort.signal.aborted ? 'no response in time' : reasonOf(error), { cause: error });
  } finally {
    cancelTimer();
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
