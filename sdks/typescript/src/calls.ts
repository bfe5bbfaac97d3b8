import { resultOf } from './answers.js';
import type { Bearer } from './bearer.js';
import {
  LeaseBrokenError,
  LimitError,
  NetworkError,
  NotFoundError,
  OctoStoreError,
  ServerError,
  TimeoutError,
  UnavailableError,
  type ErrorType,
} from './errors.js';
import { RULES } from './rules.js';
import { delayMs, nowMs, pause } from './time.js';
import type { HttpAnswer, HttpRequest, Transport } from './transport.js';

const FINAL: ReadonlySet<ErrorType> = new Set([
  'authentication',
  'validation',
  'permission',
  'not_found',
  'limit',
]);

/** One attempt at something. */
export interface Attempt<T> {
  /** The request. Its timeout is the client's unless it sets one. */
  readonly request: () => Omit<HttpRequest, 'timeoutMs' | 'signal' | 'token'> & {
    readonly timeoutMs?: number;
  };
  /** Reads the body of a successful response. Throws if it cannot. */
  readonly read: (text: string) => T;
  /** Cancels the attempt. */
  readonly signal?: AbortSignal | undefined;
  /** Sends this token, even if it is replaced meanwhile. By default, the client's current token. */
  readonly token?: string | null;
}

/** A request to the server, with as many attempts as it needs and as are safe. */
export interface Call<T> extends Attempt<T> {
  /** Whether it is harmless if the server does this twice. */
  readonly isSafe: boolean;
  /** For calls that remove something: the result if it is gone after an attempt with an unknown outcome. */
  readonly goneIs?: T;
  readonly outcome?: Outcome;
}

/** Whether an attempt may have taken effect without our knowing. */
export interface Outcome {
  isUnknown: boolean;
}

export interface Result<T> {
  readonly value: T;
  /** When the successful attempt was sent, on the monotonic clock. */
  readonly sentAtMs: number;
}

/** Makes calls and retries them where that is safe. */
export class Caller {
  constructor(
    readonly transport: Transport,
    readonly bearer: Bearer,
    readonly timeoutMs: number,
  ) {}

  /** Throws the error of the last attempt, or the reason of the request's signal. */
  async call<T>(call: Call<T>): Promise<Result<T>> {
    const { outcome = { isUnknown: false } } = call;
    const startedAtMs = nowMs();
    for (let failures = 1; ; failures += 1) {
      const wasUnknown = outcome.isUnknown;
      // A call that is cancelled before it is sent has no outcome.
      call.signal?.throwIfAborted();
      try {
        return await this.attempt(call);
      } catch (error) {
        if (wasUnknown && error instanceof NotFoundError && 'goneIs' in call && !isBroken(error)) {
          return { value: call.goneIs as T, sentAtMs: startedAtMs };
        }
        const { signal } = call;
        outcome.isUnknown = wasUnknown || signal?.aborted === true || leavesUnknown(error);
        if (failures > RULES.repeats_max || !mayRepeat(error, call.isSafe)) throw error;
        await pause(delayMs(failures, error.retryAfterMs), signal);
      }
    }
  }

  /** One attempt. It is sent again only if the token was replaced, see `Bearer.send`. */
  async attempt<T>({ request, read, signal, token }: Attempt<T>): Promise<Result<T>> {
    const sendAs = (bearer: string | null): Promise<HttpAnswer> =>
      this.transport.exchange({ timeoutMs: this.timeoutMs, ...request(), token: bearer, signal });
    const answer = await (token === undefined ? this.bearer.send(sendAs, signal) : sendAs(token));
    return { value: resultOf(answer, read), sentAtMs: answer.sentAtMs };
  }
}

/** Whether the same request may well succeed a moment later. */
function isTransient(error: unknown): error is OctoStoreError {
  return (
    error instanceof NetworkError ||
    error instanceof TimeoutError ||
    error instanceof UnavailableError ||
    isNotUnderstood(error) ||
    (error instanceof LimitError && error.status === 429)
  );
}

/** Whether someone else has ended a lease, which no attempt of our own can have done. */
function isBroken(error: unknown): boolean {
  return error instanceof LeaseBrokenError;
}

/** Whether trying again cannot help, with the same request or another one. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof OctoStoreError)) return true;
  // Another request gets another lease.
  if (isBroken(error)) return false;
  return FINAL.has(error.type) && error.status !== 429;
}

/** Whether to retry a call. */
export function mayRepeat(error: unknown, isSafe: boolean): error is OctoStoreError {
  if (!isTransient(error)) return false;
  if ((error.retryAfterMs ?? 0) > RULES.retry_after_ms_max) return false;
  return isSafe || (error instanceof NetworkError && !error.wasSent);
}

/** Whether the server may have done it despite the error. Errors of other types are reasons of aborted signals. */
function leavesUnknown(error: unknown): boolean {
  if (!(error instanceof OctoStoreError) || error instanceof TimeoutError) return true;
  if (error instanceof NetworkError) return error.wasSent;
  return error instanceof ServerError || error instanceof UnavailableError;
}

function isNotUnderstood(error: unknown): boolean {
  return error instanceof ServerError && error.status !== undefined && error.status < 300;
}
